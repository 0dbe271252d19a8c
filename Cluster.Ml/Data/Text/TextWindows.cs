using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data.Text;

/// <summary>Cuts tokens into parallel streams, and each stream into windows: the rows that a language model learns from.</summary>
/// <remarks>
/// Equation  a stream is ⌊tokens / streams⌋ tokens in a row; window w of length T holds its tokens w·T … w·T + T, one more than T,
///           because token i predicts token i + 1
/// Shapes    rows [streams × windows, T + 1], stream after stream; what is missing of the last window is <see cref="NoToken"/>;
///           targets [rows]: <see cref="BeginsStream"/> where a window is the first of its stream, else 0
/// Source    as in Zaremba, Sutskever, Vinyals, "Recurrent Neural Network Regularization" (2014), § 4.1
/// </remarks>
internal sealed class TextWindows
{
    /// <summary>Stands where a window has no token.</summary>
    public const float NoToken = -1;

    /// <summary>The target of a window that begins a stream.</summary>
    public const double BeginsStream = 1;

    private readonly int _window;
    private readonly List<(int[] Tokens, int Streams, int Windows)> _parts = [];

    /// <summary>No windows yet, of this length.</summary>
    public TextWindows(int window) => _window = window;

    /// <summary>How many rows there are.</summary>
    public int Rows => _parts.Sum(part => part.Streams * part.Windows);

    /// <summary>Adds tokens, cut into streams.</summary>
    /// <returns>The streams that were made and how many windows each has; fewer streams than asked for where a stream would have no two tokens.</returns>
    public (int Streams, int Windows) Add(int[] tokens, int streams)
    {
        int made = Math.Min(streams, tokens.Length / 2);
        int windows = made == 0 ? 0 : ((tokens.Length / made) - 1 + _window - 1) / _window;
        _parts.Add((tokens, made, windows));
        return (made, windows);
    }

    /// <summary>All windows of all parts, in the order in which they were added.</summary>
    /// <param name="file">What errors name.</param>
    public RowTable ToTable(string file = "")
    {
        NumericBuffer rows = new(NumberKind.Float32, TextLimits.Length(file, Rows, _window + 1));
        var targets = new double[Rows];
        int row = 0;
        foreach ((int[] tokens, int streams, int windows) in _parts)
            for (int stream = 0; stream < streams; stream++)
                for (int window = 0; window < windows; window++, row++)
                {
                    Fill(rows.Floats.Slice(row * (_window + 1), _window + 1), tokens.AsSpan(stream * (tokens.Length / streams), tokens.Length / streams), window);
                    targets[row] = window == 0 ? BeginsStream : 0;
                }
        return new RowTable(rows, _window + 1, targets);
    }

    private void Fill(Span<float> row, ReadOnlySpan<int> stream, int window)
    {
        row.Fill(NoToken);
        ReadOnlySpan<int> tokens = stream[(window * _window)..];
        for (int i = 0; i < Math.Min(row.Length, tokens.Length); i++) row[i] = tokens[i];
    }
}
