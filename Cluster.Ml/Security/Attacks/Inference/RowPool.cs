using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>Rows of a job of which some are trained on and others are not, and what a model says of each.</summary>
internal sealed class RowPool
{
    /// <summary>Probabilities nearer to 0 or 1 than this are not told apart.</summary>
    private const double Least = 1e-12;

    private readonly JobSpec _job;
    private readonly Preprocessing _preprocessing;
    private readonly RowTable _table;

    private RowPool(JobSpec job, Preprocessing preprocessing, RowTable table) => (_job, _preprocessing, _table) = (job, preprocessing, table);

    public int Count => _table.Rows;

    /// <summary>All rows of a job, of every split.</summary>
    public static RowPool Of(JobSpec job, PreparedData data) => Of(job, data, [.. data.Training.Order.Span, .. data.Validation.Order.Span, .. data.Test.Order.Span]);

    /// <summary>Some rows of a job, copied.</summary>
    /// <param name="job">The job.</param>
    /// <param name="data">Its data.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="labels">[rows]: their classes where others are to be learned; null for their own.</param>
    public static RowPool Of(JobSpec job, PreparedData data, int[] rows, double[]? labels = null)
    {
        RowTable from = data.Training.Table;
        NumberKind numbers = Learners.NumbersFor(job);
        NumericBuffer features = new(numbers, rows.Length * from.Columns);
        for (int i = 0; i < rows.Length; i++)
            if (numbers == NumberKind.Float32) from.CopyFloats(rows[i], features.Floats.Slice(i * from.Columns, from.Columns));
            else from.DoublesOf(rows[i]).CopyTo(features.Doubles[(i * from.Columns)..]);
        return new RowPool(job, data.Preprocessing, new RowTable(features, from.Columns, labels ?? [.. rows.Select(row => from.Targets[row])]));
    }

    /// <summary>A random half of the rows.</summary>
    public bool[] Half(ulong seed, long which)
    {
        bool[] chosen = new bool[Count];
        for (int row = 0; row < chosen.Length; row++) chosen[row] = RandomStream.At(seed, RandomPurpose.Membership, which, row).Next(2) == 1;
        return chosen;
    }

    /// <summary>A model of some rows.</summary>
    public TrainedModel Train(bool[] members, PrivacySecret secret)
    {
        int[] training = [.. Enumerable.Range(0, Count).Where(row => members[row])];
        JobSpec job = _job with { Training = _job.Training with { EarlyStopping = null } };
        return SequentialTrainer.Train(job, PreparedData.Of(_table, training, [], _preprocessing), secret: secret);
    }

    /// <summary>log(p / (1 − p)) of each row's own class.</summary>
    public double[] Confidences(TrainedModel model)
    {
        ILearner learner = new SavedModel(_job with { Privacy = null }, ShapeOf(), _preprocessing, model).CreateLearner();     // asking spends nothing
        int classes = _preprocessing.Classes.Count;
        double[] said = new double[Count], scores = new double[Count * classes];
        learner.CreateContributor().Predict(model.State, new RowRange(_table, Enumerable.Range(0, Count).ToArray()), said, scores);
        double[] confidences = new double[Count];
        for (int row = 0; row < Count; row++)
        {
            int label = (int)_table.Targets[row];
            double others = 0;
            for (int k = 0; k < classes; k++)
                if (k != label) others += scores[(row * classes) + k];
            confidences[row] = StableMath.Log(Math.Max(Least, scores[(row * classes) + label])) - StableMath.Log(Math.Max(Least, others));
        }
        return confidences;
    }

    private DataShape ShapeOf() => PreparedData.Of(_table, [0], [], _preprocessing).Shape;
}
