using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Decomposition.Pca;

/// <summary>Sums the scatter of a micro-batch's rows, and projects rows onto components.</summary>
/// <remarks>Cost  d² numbers and a block of rows, kept for the next step</remarks>
internal sealed class PcaContributor(PcaLearner learner) : LeafContributor(learner)
{
    private const int BlockRows = 128;

    private readonly GemmWorkspace _workspace = new();
    private readonly double[] _centred = new double[learner.Features];
    private readonly double[] _coordinates = new double[learner.Components];
    private double[] _block = [];           // [BlockRows, d]: rows less their mean
    private double[] _square = [];          // [d, d]

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        PcaState model = learner.StateOf(state);
        foreach (int row in rows.Order.Span)
        {
            double spread = Project(model, rows.Table.DoublesOf(row));
            ReconstructionSums.Add(sums, Lost(model), spread);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        PcaState model = learner.StateOf(state);
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            Project(model, rows.Table.DoublesOf(order[i]));
            if (!scores.IsEmpty) WriteCoordinates(model, scores.Slice(i * learner.Components, learner.Components));
            predictions[i] = Lost(model);
        }
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        Scatter scatter = new(contribution.Doubles, learner.Features);
        scatter.Rows = leaf.Count;
        if (leaf.Count == 0) return;
        if (_square.Length == 0) (_block, _square) = (new double[BlockRows * learner.Features], new double[learner.Features * learner.Features]);
        SetMean(leaf, scatter.Mean);
        SumSquares(leaf, scatter.Mean);
        for (int i = 0; i < learner.Features; i++) _square.AsSpan(i * learner.Features, i + 1).CopyTo(scatter.Row(i));
    }

    private static void SetMean(in MicroBatch leaf, Span<double> mean)
    {
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span) DoubleVectors.AddScaled(1, leaf.Shard.Table.DoublesOf(rows[position]), mean);
        for (int j = 0; j < mean.Length; j++) mean[j] /= leaf.Count;
    }

    private void SumSquares(in MicroBatch leaf, ReadOnlySpan<double> mean)
    {
        int d = learner.Features;
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        ShardNumbers rows = leaf.Shard.Rows;
        Array.Clear(_square);
        for (int first = 0; first < positions.Length; first += BlockRows)
        {
            int count = Math.Min(BlockRows, positions.Length - first);
            for (int i = 0; i < count; i++)
            {
                Span<double> row = _block.AsSpan(i * d, d);
                leaf.Shard.Table.DoublesOf(rows[positions[first + i]]).CopyTo(row);
                DoubleVectors.AddScaled(-1, mean, row);
            }
            MatrixView<double> block = new(_block, count, d);       // [rows, d]
            MatrixProduct.MultiplyAdd(block.Transposed, block, _square, _workspace);
        }
    }

    /// <summary>Centres a row and finds its coordinates.</summary>
    /// <returns>‖x − m‖².</returns>
    private double Project(PcaState model, ReadOnlySpan<double> x)
    {
        x.CopyTo(_centred);
        DoubleVectors.AddScaled(-1, model.Mean, _centred);
        for (int j = 0; j < _coordinates.Length; j++) _coordinates[j] = DoubleVectors.Dot(model.Component(j), _centred);
        return DoubleVectors.Dot(_centred, _centred);
    }

    /// <summary>‖x − x̂‖² of the row that was projected last: what is left of it without its components.</summary>
    private double Lost(PcaState model)
    {
        for (int j = 0; j < _coordinates.Length; j++) DoubleVectors.AddScaled(-_coordinates[j], model.Component(j), _centred);
        return DoubleVectors.Dot(_centred, _centred);
    }

    private void WriteCoordinates(PcaState model, Span<double> coordinates)
    {
        _coordinates.CopyTo(coordinates);
        if (!learner.Whitens) return;
        for (int j = 0; j < coordinates.Length; j++) coordinates[j] = model.Variances[j] > 0 ? coordinates[j] / Math.Sqrt(model.Variances[j]) : 0;
    }
}
