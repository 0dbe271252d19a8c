using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Extraction;

/// <summary>Model theft: a substitute is trained on the attacked model's answers.</summary>
/// <remarks>
/// Equation      agreement = rows that both models tell as the same class, over rows that neither was asked about
/// Threat model  extraction; black box: the class alone, so many queries in all. The attacker has rows of the same kind without classes
/// Determinism   which rows are asked about is drawn by the seed
/// Source        Tramèr, Zhang, Juels, Reiter, Ristenpart, "Stealing Machine Learning Models via Prediction APIs", USENIX Security 2016; Papernot et
///               al., "Practical Black-Box Attacks against Machine Learning", 2017
/// </remarks>
internal sealed class Extraction : AttackKind
{
    private const int QueriesUsual = 1000, Points = 4, LeastQueries = 16;

    private const string Substitute =
        "data: { source: rows.csv, target: target }\nmodel: { kind: mlp, layers: [ { dense: 64 } ] }\ntraining: { epochs: 60, batch: 32, optimizer: { adam: { rate: 0.003 } } }\n";

    public override string Name => "extract";

    public override string Meaning => "a substitute that is trained on the model's answers, and how far it agrees";

    public override string ThreatModel => "Model extraction, black box: the attacker sees the class of each row that it asks about, and has rows of the same kind.";

    public override string Source => "Tramèr et al., USENIX Security 2016; Papernot et al., 2017";

    public override IReadOnlyList<string> Flags => ["queries", "out"];

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        (AttackedRows rows, AttackUnits units) = target.Read();
        int queries = Math.Min(settings.Queries ?? QueriesUsual, rows.Count / 2);
        if (queries < LeastQueries)
            throw new BadInputException(target.Data, null, null, $"at least {2 * LeastQueries} rows, half of them to ask about", $"{rows.Count}", "name more data, or raise --queries");
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        RandomStream random = RandomStream.At(settings.Seed, RandomPurpose.Attack, 0, 0);
        random.Shuffle(order.AsSpan());
        int[] answers = new int[rows.Count];
        target.Open(units).Predict(rows.Numbers, answers);

        int[] asked = [.. Enumerable.Range(0, Points).Select(point => Math.Max(LeastQueries, queries >> (Points - 1 - point))).Distinct()];
        SavedModel[] substitutes = new SavedModel[asked.Length];
        double[] agreements = new double[asked.Length];
        int[] held = order[queries..];
        target.Runner.Run(asked.Length, point =>
        {
            substitutes[point] = Train(target.RequiredModel, rows, units, order[..asked[point]], answers);
            agreements[point] = Agreement(substitutes[point], rows, units, target.RequiredModel, held, answers);
        });
        JsonArray curve = [.. asked.Select((count, point) => (JsonNode)new JsonObject { ["queries"] = count, ["agreement"] = agreements[point] })];
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["rows"] = held.Length,
            ["queries"] = queries,
            ["agreement"] = agreements[^1],
            ["curve"] = curve,
            ["clean_accuracy"] = (double)held.Count(row => answers[row] == rows.Labels[row]) / held.Length,
            ["seed"] = settings.Seed,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
            ["substitute_sha256"] = substitutes[^1].Model.Sha256,
        };
        return new AttackReport(figures, [ThreatModel]) { Substitute = substitutes[^1] };
    }

    private static SavedModel Train(SavedModel victim, AttackedRows rows, AttackUnits units, int[] asked, int[] answers)
    {
        JobSpec job = JobFile.Parse(Substitute, "substitute.yaml", "/") with { Data = victim.Spec.Data with { Attack = null } };
        NumericBuffer features = new(NumberKind.Float32, asked.Length * rows.Columns);
        for (int i = 0; i < asked.Length; i++)
            for (int c = 0; c < rows.Columns; c++) features.Floats[(i * rows.Columns) + c] = (float)((rows.Row(asked[i])[c] - units.Offsets[c]) / units.Divisors[c]);
        RowTable table = new(features, rows.Columns, [.. asked.Select(row => (double)answers[row])]);
        PreparedData data = PreparedData.Of(table, [.. Enumerable.Range(0, asked.Length)], [], victim.Preprocessing);
        return new SavedModel(job, data.Shape, victim.Preprocessing, SequentialTrainer.Train(job, data));
    }

    private static double Agreement(SavedModel substitute, AttackedRows rows, AttackUnits units, SavedModel victim, int[] held, int[] answers)
    {
        int[] said = new int[held.Length];
        new AttackedModel(substitute.CreateLearner(), substitute.Model.State, victim.Preprocessing.Classes.Count, units).Predict(rows.Of(held).Numbers, said);
        return (double)held.Where((row, i) => said[i] == answers[row]).Count() / held.Length;
    }
}
