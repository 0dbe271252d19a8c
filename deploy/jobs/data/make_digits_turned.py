"""Digits upright and digits turned by 30 degrees, of different rows of digits.csv, for domain adaptation.

    python3 make_digits_turned.py

digits-upright.csv: every second row, as it is. digits-turned.csv: a quarter of the rows, turned, without their target.
digits-turned-test.csv: the last quarter, turned, with their target. Turned pixels are bilinear means. Pixels are from 0 to 1,
to two decimals.
"""
import math

SIDE, DEGREES = 8, 30


def turned(pixels):
    centre, angle, out = (SIDE - 1) / 2, math.radians(DEGREES), []
    for row in range(SIDE):
        for column in range(SIDE):
            i = math.cos(angle) * (row - centre) - math.sin(angle) * (column - centre) + centre
            j = math.sin(angle) * (row - centre) + math.cos(angle) * (column - centre) + centre
            total = 0.0
            for y in (math.floor(i), math.floor(i) + 1):
                for x in (math.floor(j), math.floor(j) + 1):
                    if 0 <= y < SIDE and 0 <= x < SIDE:
                        total += (1 - abs(i - y)) * (1 - abs(j - x)) * pixels[y * SIDE + x]
            out.append(total)
    return out


def written(pixels):
    return [f"{round(pixel / 16, 2):g}" for pixel in pixels]


lines = open("digits.csv").read().splitlines()
header, rows = lines[0], [[int(cell) for cell in line.split(",")] for line in lines[1:]]
with open("digits-upright.csv", "w") as file:
    file.write("\n".join([header] + [",".join(written(row[:-1]) + [str(row[-1])]) for row in rows[0::2]]) + "\n")
with open("digits-turned.csv", "w") as file:
    file.write("\n".join([header.rsplit(",", 1)[0]] + [",".join(written(turned(row[:-1]))) for row in rows[1::4]]) + "\n")
with open("digits-turned-test.csv", "w") as file:
    file.write("\n".join([header] + [",".join(written(turned(row[:-1])) + [str(row[-1])]) for row in rows[3::4]]) + "\n")
