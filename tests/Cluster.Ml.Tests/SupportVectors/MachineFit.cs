using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.SupportVectors;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Learning;

namespace Cluster.Ml.Tests.SupportVectors;

/// <summary>A trained support vector machine.</summary>
internal sealed record MachineFit(TreeTraining.Result Result, PreparedData Data, SupportVectorLearner Learner)
{
    public IReadOnlyList<double> SupportVectors => Learned("support_vectors");

    public string Hash => TrainedModel.HashOf(Result.State.Bytes);

    public static MachineFit Train(string source, int workers, params string[] settings)
    {
        JobSpec job = DataJobs.Of(source, "svm", ["data.target=target", .. settings]);
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        SupportVectorLearner learner = SupportVectorLearner.Create(job, data.Shape);
        return new MachineFit(TreeTraining.Train(learner, job, data, workers), data, learner);
    }

    public static MachineFit OfText(string rows, params string[] settings)
    {
        using TemporaryFolder folder = new();
        return Train(folder.Write("rows.csv", rows), 1, settings);
    }

    public IReadOnlyList<double> Learned(string name) => Learner.Learned(Result.State, Data.Preprocessing).Single(numbers => numbers.Name == name).Values;

    /// <summary>What it says of the rows of a file, or of its training rows, in the order of the file: class names, or numbers.</summary>
    public string[] Said(string? source = null)
    {
        RowRange rows = source is null ? InOrder(Data.Training) : PreparedData.LoadForPrediction(source, Data.Preprocessing, NumberKind.Float64);
        var said = new double[rows.Count];
        Learner.CreateContributor().Predict(Result.State, rows, said, []);
        return [.. said.Select(value => Data.Shape.Classes.Count > 0 ? Data.Shape.Classes[(int)value] : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))];
    }

    public double[] Scores()
    {
        RowRange rows = InOrder(Data.Training);
        var scores = new double[rows.Count * Data.Shape.Classes.Count];
        Learner.CreateContributor().Predict(Result.State, rows, new double[rows.Count], scores);
        return scores;
    }

    public Metrics Measure() => Result.Training;

    private static RowRange InOrder(RowRange rows) => rows with { Order = Enumerable.Range(0, rows.Table.Rows).ToArray() };
}
