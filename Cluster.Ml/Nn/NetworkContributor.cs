using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Security.Defences;

namespace Cluster.Ml.Nn;

/// <summary>Computes gradients, evaluations and predictions of a network on one thread.</summary>
/// <remarks>
/// A subtree of micro-batches passes through the network at once, as rows do not touch each other; only the sums
/// of parameter gradients depend on the micro-batches, and the kernels of these sums keep them apart.
/// </remarks>
internal sealed class NetworkContributor : IContributor
{
    private const int AskedAhead = 4;       // rows: while one is scaled, the next four are on their way from memory

    private readonly NetworkLearner _learner;
    private readonly NetworkPass[] _passes;
    private readonly NetworkReader _reader;
    private readonly RowRandom _random;
    private readonly StepLoss _loss = new();
    private readonly Augmentation? _augmentation;
    private readonly AdversarialRows? _adversary;
    private int[] _ends = [];
    private MicroBatchRow[] _rows = [];
    private float[] _factors = [];

    public NetworkContributor(NetworkLearner learner)
    {
        _learner = learner;
        _passes = [.. learner.Model.Objectives.Select(objective => new NetworkPass(objective.Network, keeps: learner.Spec.Privacy is not null))];
        _reader = new NetworkReader(learner);
        _random = new RowRandom(learner.Spec.Seed, learner.Model.RandomPerRow);
        _augmentation = learner.CreateAugmentation();
        if (learner.Spec.Training.Adversarial is { } adversarial) _adversary = new AdversarialRows(adversarial, learner);
    }

    public void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step)
    {
        _learner.Require(state, _learner.StateLength, "state");
        _learner.Require(contribution, _learner.ContributionLength, "contribution");
        if (!int.IsPow2(subtree.Length))
            throw new ArgumentException($"NetworkLearner: wanted a power of two of micro-batches, got {subtree.Length}.", nameof(subtree));

        int turn = (int)(step.Step % _passes.Length), gradients = _learner.Model.Layout.GradientCount;
        Objective objective = _learner.Model.Objectives[turn];
        NetworkPass pass = _passes[turn];
        if (Gather(subtree, pass, step.Epoch) == 0)
        {
            contribution.Clear();
            return;
        }
        Span<float> gradient = contribution.Floats[..gradients];
        if (objective.TrainedCount < gradients) gradient.Clear();
        ReadOnlySpan<float> parameters = state.Floats;
        ReadOnlySpan<int> ends = _ends.AsSpan(0, subtree.Length);
        _random.Step = step.Step;
        _adversary?.Change(parameters, pass.Inputs, _rows.AsSpan(0, pass.Rows), _random.ExampleIds.AsSpan(0, pass.Rows), step.Step);
        pass.Forward(parameters, _random);
        if (!_loss.Take(objective.Network, pass, _rows, ends, contribution.Floats[_learner.RangedLength..]))
        {
            Gather(subtree, pass, step.Epoch);                                    // the input's buffer may have been used for something else
            throw new DivergedException(step.Step, pass.FirstNotFinite(parameters, _random) ?? "loss", $"a loss of {_loss.NotFinite}", DivergedException.AdviceAt(step.Step));
        }
        if (_learner.Spec.Privacy is { } privacy)
        {
            pass.BackwardInputs(parameters);
            float clip = privacy.ClipQuantile is null ? (float)privacy.Clip : parameters[^1], count = Clip(pass, parameters, clip, step);
            if (_learner.RangedLength > gradients) contribution.Floats[gradients] = count;
            pass.BackwardParameters(parameters, ends, gradient);
        }
        else
        {
            pass.Backward(parameters, ends, gradient);
        }
    }

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums) => _reader.Evaluate(state, rows, sums);

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
        _reader.Predict(state, rows, predictions, scores);

    /// <summary>Copies the examples of all micro-batches into the input, one after another.</summary>
    private int Gather(ReadOnlySpan<MicroBatch> subtree, NetworkPass pass, int epoch)
    {
        if (_ends.Length < subtree.Length) _ends = new int[subtree.Length];
        int rows = 0;
        for (int i = 0; i < subtree.Length; i++) _ends[i] = rows += subtree[i].Count;
        pass.Begin(rows);
        if (_rows.Length < rows)
        {
            _rows = new MicroBatchRow[rows];
            _factors = new float[rows];
            _random.ExampleIds = new int[rows];
        }
        int row = 0;
        Span<float> inputs = pass.Inputs;
        foreach (MicroBatch batch in subtree)
        {
            ReadOnlySpan<int> positions = batch.Positions.Span;
            RowTable table = batch.Shard.Table;
            for (int i = 0; i < positions.Length; i++, row++)
            {
                if (i + AskedAhead < positions.Length) table.Ask(batch.Shard.Rows[positions[i + AskedAhead]]);
                int place = batch.Shard.Rows[positions[i]], id = batch.Shard.Ids[positions[i]];
                Span<float> input = inputs.Slice(row * table.Columns, table.Columns);
                if (_augmentation is null) table.CopyFloats(place, input);
                else _augmentation.Apply(table.FloatsOf(place), input, epoch, id);
                _rows[row] = new MicroBatchRow(table, place);
                _random.ExampleIds[row] = id;
            }
        }
        return rows;
    }

    /// <summary>Scales every example's gradient to a norm of at most C, without forming it; what the count of <see cref="AdaptiveClip"/> comes to.</summary>
    private float Clip(NetworkPass pass, ReadOnlySpan<float> parameters, float clip, in StepContext step)
    {
        Span<float> factors = _factors.AsSpan(0, pass.Rows);
        pass.SquaredNorms(parameters, factors);
        float count = 0;
        foreach (ref float factor in factors)
        {
            float norm = MathF.Sqrt(factor);
            if (!float.IsFinite(norm)) throw new DivergedException(step.Step, "gradient", $"an example's gradient of norm {norm}");
            factor = norm > clip ? clip / norm : 1;
            count += AdaptiveClip.ShareOf(norm > clip);
        }
        pass.ScaleRows(parameters, factors);
        return count;
    }
}

/// <summary>Where a row of a step came from.</summary>
internal readonly record struct MicroBatchRow(RowTable Table, int Place)
{
    /// <summary>What the network's outputs for this row are to become.</summary>
    public Target Target => Target.Of(Table, Place);
}
