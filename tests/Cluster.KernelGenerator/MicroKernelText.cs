using System.Globalization;
using System.Text;

namespace Cluster.KernelGenerator;

/// <summary>The source of a register tile of so many rows: one local variable, and so one register, a sum.</summary>
internal static class MicroKernelText
{
    /// <summary>The file's text.</summary>
    /// <param name="rows">1 to 12.</param>
    /// <param name="word">The number as a word.</param>
    /// <param name="purpose">What the tile is for: the end of its summary.</param>
    public static string Of(int rows, string word, string purpose)
    {
        string noun = rows == 1 ? "row" : "rows", capital = char.ToUpperInvariant(word[0]) + word[1..];
        return $$"""
            using System.Numerics;
            using System.Runtime.CompilerServices;

            namespace Cluster.Ml.Numerics.Gemm;

            {{Generated.Notice}}
            /// <summary>Register tiles of {{word}} {{noun}}{{purpose}}.</summary>
            /// <remarks>Spelled out row by row so that every sum stays in one register; see <see cref="MicroKernel{T}"/> for what is computed.</remarks>
            internal static unsafe class MicroKernel{{rows}}
            {
                /// <summary>{{capital}} {{noun}}, one or two vectors of columns.</summary>
                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                public static void Run<TRow, T>(in MicroKernel<T> tile)
                    where TRow : struct, IMicroKernelRow<TRow, T>
                    where T : unmanaged, IBinaryFloatingPointIeee754<T>
                {
                    T** rows = tile.C;
                    TRow {{List(rows, "c# = TRow.Zero")}};
                    if (tile.Continues)
                    {
            {{Lines(rows, 12, "c# = TRow.Load(rows[@]);")}}
                    }

                    T** left = tile.A;
                    T* {{List(rows, "a# = left[@]")}};
                    T* b = tile.B;
                    nint bStep = tile.BStep, step = tile.AStep, i = 0;
                    for (int outer = tile.Outer; outer > 0; outer--)
                    {
                        for (int middle = tile.Middle; middle > 0; middle--)
                        {
                            for (int inner = tile.Inner; inner > 0; inner--)
                            {
                                TRow y = TRow.Load(b);
            {{Lines(rows, 20, "c# = TRow.Fma(a#[i], y, c#);")}}
                                b += bStep;
                                i += step;
                            }
                            i += tile.MiddleGap;
                        }
                        i += tile.OuterGap;
                    }

                    T* partial = tile.Partials;
                    for (int merge = tile.Merges; merge > 0; merge--)
                    {
            {{Merges(rows)}}
                        partial += tile.PartialStep;
                    }

            {{Lines(rows, 8, "TRow.Store(rows[@], c#);")}}
                }
            }

            """;
    }

    private static string Merges(int rows)
    {
        if (rows == 1) return Lines(1, 12, "c# = TRow.Add(TRow.Load(partial), c#);");
        string next = Lines(1, 12, "row += tile.PartialRow;");
        return $"{Lines(1, 12, "T* row = partial;")}\n{string.Join($"\n{next}\n", Rows(rows, "c# = TRow.Add(TRow.Load(row), c#);").Select(line => Indented(line, 12)))}";
    }

    private static string List(int rows, string item) => string.Join(", ", Rows(rows, item));

    private static string Lines(int rows, int indent, string line) => string.Join('\n', Rows(rows, line).Select(text => Indented(text, indent)));

    /// <summary>The text for each row: # is its digit in base sixteen, @ its number.</summary>
    private static IEnumerable<string> Rows(int rows, string text) => Enumerable.Range(0, rows).Select(row => text
        .Replace("#", row.ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@", row.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private static string Indented(string text, int columns) => new StringBuilder().Append(' ', columns).Append(text).ToString();
}
