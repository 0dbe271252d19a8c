using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Nn;

namespace Cluster.Ml.Tests.Security.Attacks.Evasion;

/// <summary>Models to attack: a line with known weights, and a network that reads digits.</summary>
internal static class SomeVictim
{
    public static readonly float[] Weights = [0.5f, -1.2f, 0.8f, 2, -0.3f, 1.1f];
    public const float Bias = 0.4f;

    private static readonly Lazy<(JobSpec Job, PreparedData Data, TrainedModel Model)> s_digits = new(() => Train("{ kind: mlp, layers: [ { dense: 32, activation: tanh } ] }"));

    public static (JobSpec Job, PreparedData Data, TrainedModel Model) Digits => s_digits.Value;

    public static double Length => Math.Sqrt(Weights.Sum(w => (double)w * w));

    /// <summary>f(x) = w·x + b, class 1 where it is above 0.</summary>
    public static AttackedModel Line(float low = -100, float high = 100)
    {
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("logistic"), SomeNetwork.Shape(Weights.Length, 2), 0);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        Weights.CopyTo(state.Floats);
        state.Floats[^1] = Bias;
        return new AttackedModel(learner, state, 2, UnitsOf(Weights.Length, low, high));
    }

    public static double ValueOf(ReadOnlySpan<float> row)
    {
        double value = Bias;
        for (int c = 0; c < row.Length; c++) value += (double)Weights[c] * row[c];
        return value;
    }

    /// <summary>Rows that the line tells rightly.</summary>
    public static AttackedRows RowsOfLine(int rows)
    {
        RowTable table = SomeNetwork.Rows(rows, Weights.Length, 2);
        float[] numbers = table.Features.Floats.ToArray();
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => ValueOf(numbers.AsSpan(row * Weights.Length, Weights.Length)) > 0 ? 1 : 0)];
        return new AttackedRows(numbers, labels, [.. Enumerable.Range(0, rows)], Weights.Length);
    }

    public static AttackUnits UnitsOf(int columns, float low, float high, double divisor = 1) => new(
        new double[columns], [.. Enumerable.Repeat(divisor, columns)], [.. Enumerable.Repeat(low, columns)], [.. Enumerable.Repeat(high, columns)], "");

    /// <summary>A trained classifier of the digits that ship.</summary>
    public static (JobSpec Job, PreparedData Data, TrainedModel Model) Train(string model, string training = "{ epochs: 20, batch: 32, optimizer: { adam: { rate: 0.003 } } }", string more = "")
    {
        JobSpec job = JobFile.Parse(
            $"data: {{ source: '{RepositoryFiles.Example("digits.csv")}', target: target, scale: {{ minmax: [ 0, 16 ] }}{more} }}\nmodel: {model}\ntraining: {training}\n", "victim.yaml", "/");
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        return (job, data, SequentialTrainer.Train(job, data));
    }

    public static AttackTarget TargetOf((JobSpec Job, PreparedData Data, TrainedModel Model) trained, int? rows = null, IPartRunner? runner = null) => new()
    {
        Model = new(trained.Job, trained.Data.Shape, trained.Data.Preprocessing, trained.Model),
        Data = RepositoryFiles.Example("digits.csv"),
        Rows = rows,
        Runner = runner ?? PartsInTurn.Instance,
    };
}
