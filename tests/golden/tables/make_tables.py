"""Writes the awkward tables of this folder: what people have, and what a reader of tables is to make of it (the .json beside each)."""
import gzip, json, os, random

here = os.path.dirname(os.path.abspath(__file__))
rows = range(60)


def write(name, text, expected, encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    with open(os.path.join(here, name), "wb") as file:
        file.write(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    with open(os.path.join(here, name + ".json"), "w") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")


def table(header, make, separator=",", end="\n"):
    return end.join([separator.join(header)] + [separator.join(str(cell) for cell in make(i)) for i in rows]) + end


def number(i, k=1):
    return round(((i * 7919 * k) % 101) / 10, 1)


def label(i):
    return "yes" if number(i) > 5 else "no"


write("missing.csv", table(["age", "income", "target"], lambda i: [["", "NA", "?", "null"][i // 7 % 4] if i % 7 == 3 else number(i), number(i, 3), label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 9, "columns": {"age": "Number", "income": "Number", "target": "OneHot"},
       "job": ["missing: median"], "features": ["age", "income"]})
write("mixed.csv", table(["children", "income", "class"], lambda i: [["0", "1", "2", "3+"][i % 4], number(i), label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 0, "columns": {"children": "OneHot", "income": "Number", "class": "OneHot"},
       "job": ["encode: { 'children': one-hot }"], "features": ["children=0", "children=1", "children=2", "children=3+", "income"]})
write("mistake.csv", table(["age", "income", "target"], lambda i: ["twelve" if i == 40 else number(i), number(i, 3), label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 0, "columns": {"age": "Number", "income": "Number", "target": "OneHot"}, "job": [],
       "error": {"line": 42, "column": 1, "wanted": "a number in column 'age'", "got": "'twelve'"}})
write("dates.csv", table(["when", "seen", "a", "target"],
                         lambda i: [f"2024-{1 + i % 12:02}-{1 + i % 28:02}", f"{1 + i % 28}.{1 + i % 12}.{2020 + i % 3}" if i % 10 else "", number(i), round(3 * number(i) + i % 12, 2)]),
      {"separator": "commas", "rows": 60, "incomplete": 6, "columns": {"when": "Date", "seen": "Date", "a": "Number", "target": "Number"},
       "job": ["encode: { 'when': date, 'seen': date }", "kind: ridge", "missing: median"],
       "features": ["when.year", "when.month", "when.day", "when.weekday", "seen.year", "seen.month", "seen.day", "seen.weekday", "a"]})
write("ids.csv", table(["", "id", "key", "a", "b", "label"], lambda i: [i, f"user-{i * i}", 1000 + i, number(i), number(i, 3), label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 0, "columns": {"": "Number", "id": "OneHot", "key": "Number", "a": "Number", "b": "Number", "label": "OneHot"},
       "job": ["ignore: [ '', 'id', 'key' ]", "target: 'label'"], "features": ["a", "b"]})
write("semicolons.csv", table(["größe", "gewicht", "ort", "target"],
                              lambda i: [str(number(i)).replace(".", ","), str(number(i, 3)).replace(".", ","), ["Köln", "Ulm"][i % 2], label(i)], ";", "\r\n"),
      {"separator": "semicolons", "rows": 60, "incomplete": 0, "columns": {"größe": "Number", "gewicht": "Number", "ort": "OneHot", "target": "OneHot"},
       "job": ["decimal: comma", "encode: { 'ort': one-hot }"], "features": ["größe", "gewicht", "ort=Köln", "ort=Ulm"]}, "utf-8-sig")
write("tabs.tsv", table(["a", "b, in km", "target"], lambda i: [number(i), number(i, 3), label(i)], "\t"),
      {"separator": "tabs", "rows": 60, "incomplete": 0, "columns": {"a": "Number", "b, in km": "Number", "target": "OneHot"}, "job": [], "features": ["a", "b, in km"]})
write("pipes.csv", table(["a", "b", "target"], lambda i: [number(i), number(i, 3), label(i)], "|", "\r"),
      {"separator": "pipes", "rows": 60, "incomplete": 0, "columns": {"a": "Number", "b": "Number", "target": "OneHot"}, "job": [], "features": ["a", "b"]})
write("quotes.csv", table(["\"name, in full\"", "a", "target"], lambda i: [["\"one, \"\"two\"\"\"", "\"three\r\nfour\"", "five"][i % 3], number(i), label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 0, "columns": {"name, in full": "OneHot", "a": "Number", "target": "OneHot"},
       "job": ["encode: { 'name, in full': one-hot }"],
       "features": ["name, in full=five", "name, in full=one, \"two\"", "name, in full=three\r\nfour", "a"]})
write("constant.csv", table(["country", "a", "nothing", "zero", "target"], lambda i: ["de", number(i), "", 0, label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 60, "columns": {"country": "OneHot", "a": "Number", "nothing": "Number", "zero": "Number", "target": "OneHot"},
       "job": ["ignore: [ 'country', 'nothing', 'zero' ]"], "features": ["a"]})
write("rare.csv", table(["colour", "a", "target"], lambda i: ["violet" if i in (11, 30) else ["red", "green", "blue"][i % 3], number(i), label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 0, "columns": {"colour": "OneHot", "a": "Number", "target": "OneHot"},
       "job": ["unseen: ignore"], "new": {"colour": "never seen"}})
write("untold.csv", table(["a", "b", "target"], lambda i: [number(i), number(i, 3), "" if i % 9 == 2 else label(i)]),
      {"separator": "commas", "rows": 60, "incomplete": 7, "columns": {"a": "Number", "b": "Number", "target": "OneHot"}, "job": ["missing: drop"], "features": ["a", "b"], "dropped": 7})
write("blanks.csv", table([" a ", " b", "target ", ""], lambda i: [f" {number(i)} ", f"\t{number(i, 3)}", f"{label(i)} ", ""]),
      {"separator": "commas", "rows": 60, "incomplete": 60, "columns": {"a": "Number", "b": "Number", "target": "OneHot", "": "Number"}, "job": ["ignore: [ '' ]"], "features": ["a", "b"]})
write("packed.csv.gz", table(["a", "size", "target"], lambda i: [number(i), ["S", "M", "L"][i % 3], round(2 * number(i) + i % 3, 1)]),
      {"separator": "commas", "rows": 60, "incomplete": 0, "columns": {"a": "Number", "size": "OneHot", "target": "Number"}, "job": ["kind: ridge"],
       "features": ["a", "size=L", "size=M", "size=S"]})
write("duplicate.csv", table(["a", "b", "a", "target"], lambda i: [number(i), 1, 2, label(i)]),
      {"error": {"line": 1, "column": 5, "wanted": "different names of columns", "got": "'a' again (it is column 1 too)"}})
write("latin1.csv", table(["a", "ort", "target"], lambda i: [number(i), "Köln", label(i)]),
      {"error": {"line": 2, "column": 5, "wanted": "UTF-8 text", "got": "bytes that are not"}}, "latin-1")
write("utf16.csv", table(["a", "ort", "target"], lambda i: [number(i), "Ulm", label(i)]),
      {"error": {"line": 1, "column": 1, "wanted": "UTF-8 text", "got": "UTF-16 text"}}, "utf-16")
