using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>Counts up how large the gradient of each layer was over the steps of an epoch, cell by cell, at the end of what the parameter servers keep.</summary>
/// <remarks>
/// Equation  of a cell: Σ over its numbers of (scale·sum)²;  of a layer in a step: √(Σ over its cells);  over an epoch: √(Σ over cells and steps / steps)
/// Shapes    numbers [4·cells]: the epoch, from 1; Σ squares over its steps; how many steps; the last squares
/// Range     a cell is what the grid of 1024 numbers, weights and biases leave together, so that wherever the numbers are cut into
///           ranges each cell is on one server; an epoch's first step forgets the epoch before
/// Cost      one pass over numbers that are at hand; allocates nothing
/// </remarks>
internal sealed class GradientCells
{
    private const int PerCell = 4, Epoch = 0, Sum = 1, Steps = 2, Last = 3;

    private readonly Slice[] _pieces;
    private readonly int[] _first;

    /// <summary>Cells of layers.</summary>
    /// <param name="pieces">The places of each layer's gradient in a contribution, in order: weights, then biases, of one layer after another.</param>
    public GradientCells(IEnumerable<Slice> pieces)
    {
        _pieces = [.. pieces];
        _first = new int[_pieces.Length + 1];
        for (int i = 0; i < _pieces.Length; i++) _first[i + 1] = _first[i] + CellsOf(_pieces[i]);
    }

    /// <summary>Numbers of all cells.</summary>
    public int Length => PerCell * _first[^1];

    /// <summary>The numbers of the cells of a range.</summary>
    /// <param name="sum">The range's places in a contribution.</param>
    /// <param name="start">Where the numbers of all cells begin.</param>
    public Slice Of(Slice sum, int start)
    {
        int before = Before(sum.Start);
        return new Slice(start + (PerCell * before), PerCell * (Before(sum.End) - before));
    }

    /// <summary>Adds the squares of some numbers of one cell in a step.</summary>
    /// <param name="numbers">Those of the range.</param>
    /// <param name="range">The range's places in a contribution.</param>
    /// <param name="piece">Which piece: twice the layer, and one more for biases.</param>
    /// <param name="place">A place of the cell.</param>
    /// <param name="squares">Their sum.</param>
    /// <param name="step">Which step this is.</param>
    public void Add(Span<float> numbers, Slice range, int piece, int place, double squares, in StepContext step)
    {
        if (numbers.IsEmpty) return;
        int cell = _first[piece] + (place / RangeGrid.CellLength) - (_pieces[piece].Start / RangeGrid.CellLength) - Before(range.Start);
        Span<float> of = numbers.Slice(PerCell * cell, PerCell);
        if (of[Epoch] != step.Epoch + 1) of.Clear();
        of[Epoch] = step.Epoch + 1;
        of[Sum] += (float)squares;
        of[Steps]++;
        of[Last] = (float)squares;
    }

    /// <summary>Of each layer the root of the mean square over the epoch's steps, and the norm of the last, [layers × 2]; NaN if there is none.</summary>
    public double[] Read(ReadOnlySpan<float> numbers)
    {
        double[] norms = new double[numbers.IsEmpty ? 0 : _pieces.Length];
        for (int layer = 0; layer < norms.Length / 2; layer++)
        {
            (double sum, double last, float steps) = (0, 0, 0);
            for (int cell = _first[2 * layer]; cell < _first[(2 * layer) + 2]; cell++)
            {
                ReadOnlySpan<float> of = numbers.Slice(PerCell * cell, PerCell);
                (sum, last, steps) = (sum + of[Sum], last + of[Last], of[Steps]);
            }
            norms[2 * layer] = steps > 0 ? Math.Sqrt(sum / steps) : double.NaN;
            norms[(2 * layer) + 1] = steps > 0 ? Math.Sqrt(last) : double.NaN;
        }
        return norms;
    }

    /// <summary>How many cells lie before a place that a range may begin at.</summary>
    private int Before(int place)
    {
        int before = 0;
        foreach (Slice piece in _pieces)
        {
            if (piece.Start >= place) break;
            before += CellsOf(piece with { Length = Math.Min(piece.End, place) - piece.Start });
        }
        return before;
    }

    private static int CellsOf(Slice piece) =>
        piece.Length == 0 ? 0 : ((piece.End - 1) / RangeGrid.CellLength) - (piece.Start / RangeGrid.CellLength) + 1;
}
