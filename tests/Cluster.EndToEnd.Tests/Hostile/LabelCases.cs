using System.Diagnostics;

namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>Labels, formats, pipes, columns and text of tables.</summary>
internal static class LabelCases
{
    private static readonly string[] s_train = ["train", "job.yaml", "--out", "out"], s_predict = ["predict", "out/model.cluster", "--data"];

    public static IEnumerable<HostileCase> All { get; } =
    [
        new("labels that differ beyond the digits of a double", 0, [.. s_predict, "data.csv"])
        {
            Files = Data("a,b,target\n" + Rows("18014398509481984", "18014398509481985")),
            Before = [s_train],
            Says = ["prediction,probability_18014398509481984,probability_18014398509481985"],
        },
        new("a target that is missing", 3, s_train) { Files = Data("a,b,target\n1,2,x\n2,1,n/a\n" + Rows("x", "y")), Says = ["data.csv:3:5", "stands for a missing value"] },
        new("rows whose class nobody knows are predicted", 0, [.. s_predict, "new.csv", "--keep", "id"])
        {
            Files = File("new.csv", "id,a,b,target\nfirst,1,2,?\nsecond,2,1,never seen\n"),
            Before = [s_train],
            Says = ["id,prediction,probability_x,probability_y", "second,"],
        },
        new("a class that the model does not know is not measured", 3, "evaluate", "out/model.cluster", "--data", "new.csv")
        {
            Files = File("new.csv", "a,b,target\n1,2,x\n2,1,z\n"), Before = [s_train], Says = ["new.csv:3:5", "got 'z'"],
        },
        new("predictions are not written over their rows", 3, [.. s_predict, "data.csv", "--out", "data.csv"]) { Before = [s_train], Keeps = ["data.csv", "out/model.cluster"], Says = ["--out"] },
        new("a table under an ending that nothing knows", 3, [.. s_train, "--set", "data.source=rows.dat"])
        {
            Files = File("rows.dat", "a,b,target\n" + Rows("x", "y")), Says = ["data.format: csv"],
        },
        new("a table of UCI under its own name", 0, [.. s_train, "--set", "data.source=rows.data"]) { Files = File("rows.data", "a,b,target\n" + Rows("x", "y")) },
        new("data from a pipe", 3, s_train) { Arrange = Pipe("data.csv"), Says = ["wanted a file, got a pipe"] },
        new("rows to predict from a pipe", 3, [.. s_predict, "pipe"]) { Before = [s_train], Arrange = Pipe("pipe"), Says = ["wanted a file, got a pipe"] },
        new("a model that is a device", 3, "predict", "/dev/zero", "--data", "data.csv") { Says = ["/dev/zero", "a device"] },
        new("a first column without a name", 3, s_train) { Files = Data(",a,b,target\n0,1,2,x\n"), Says = ["data.csv:1:1", "data.ignore: [ \"\" ]"] },
        new("columns without names are left out", 0, [.. s_train, "--set", "data.ignore=[ \"\" ]"])
        {
            Files = Data(",a,b,target,\n" + string.Join('\n', Rows("x", "y").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((row, i) => $"{i},{row},9")) + "\n"),
        },
        new("a field that a terminal would obey", 3, s_train)
        {
            Files = Data("a,b,target\n1,\u001b]0;owned\u0007\u001b[2J,x\n"), Says = ["\\x1b]0;owned\\x07\\x1b[2J"], NeverSays = ["\u001b", "\u0007"],
        },
        new("classes that a terminal would obey", 0, "evaluate", "out/model.cluster", "--data", "data.csv")
        {
            Files = Data("a,b,target\n" + Rows("\u001b[31mx", "\u009by")), Before = [s_train], Says = ["\\x1b[31mx", "\\x9by"], NeverSays = ["\u001b", "\u009b"],
        },
    ];

    private static string Rows(string first, string second) =>
        string.Concat(Enumerable.Range(0, 16).Select(i => $"{i},{i * i % 5},{(i % 2 == 0 ? first : second)}\n"));

    private static Dictionary<string, string> Data(string text) => File("data.csv", text);

    private static Dictionary<string, string> File(string name, string text) => new() { [name] = text };

    private static Func<string, IDisposable?> Pipe(string name) => folder =>
    {
        string path = Path.Combine(folder, name);
        System.IO.File.Delete(path);
        using Process made = Process.Start("mkfifo", path);
        made.WaitForExit();
        return null;
    };
}
