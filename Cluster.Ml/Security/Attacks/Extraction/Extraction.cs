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
internal sealed class Extraction : PiecewiseAttack
{
    private const int QueriesUsual = 1000, Points = 4, LeastQueries = 16;

    private const string Threat = "Model extraction, black box: the attacker sees the class of each row that it asks about, and has rows of the same kind.";

    private const string Substitute =
        "data: { source: rows.csv, target: target }\nmodel: { kind: mlp, layers: [ { dense: 64 } ] }\ntraining: { epochs: 60, batch: 32, optimizer: { adam: { rate: 0.003 } } }\n";

    public override string Name => "extract";

    public override string Meaning => "a substitute that is trained on the model's answers, and how far it agrees";

    public override string ThreatModel => Threat;

    public override string Source => "Tramèr et al., USENIX Security 2016; Papernot et al., 2017";

    public override IReadOnlyList<string> Flags => ["queries", "out"];

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        (AttackedRows rows, AttackUnits units) = target.Read();
        int queries = Math.Min(settings.Queries ?? QueriesUsual, rows.Count / 2);
        if (queries < LeastQueries)
            throw new BadInputException(target.Data, null, null, $"at least {2 * LeastQueries} rows, half of them to ask about", $"{rows.Count}", "name more data, or raise --queries");
        return new Substitutes(target, rows, units, queries, settings.Seed);
    }

    /// <summary>The points of the curve: a piece trains the substitute of one.</summary>
    private sealed class Substitutes : IAttackPieces
    {
        private readonly AttackTarget _target;
        private readonly AttackedRows _rows;
        private readonly AttackUnits _units;
        private readonly ulong _seed;
        private readonly int[] _order, _answers, _held, _asked;
        private SavedModel? _last;

        public Substitutes(AttackTarget target, AttackedRows rows, AttackUnits units, int queries, ulong seed)
        {
            (_target, _rows, _units, _seed) = (target, rows, units, seed);
            _order = [.. Enumerable.Range(0, rows.Count)];
            RandomStream random = RandomStream.At(seed, RandomPurpose.Attack, 0, 0);
            random.Shuffle(_order.AsSpan());
            _answers = new int[rows.Count];
            target.Open(units).Predict(rows.Numbers, _answers);
            _asked = [.. Enumerable.Range(0, Points).Select(point => Math.Max(LeastQueries, queries >> (Points - 1 - point))).Distinct()];
            _held = _order[queries..];
        }

        public int Count => _asked.Length;

        public byte[] Run(int piece)
        {
            SavedModel substitute = Train(piece);
            if (piece == Count - 1) _last = substitute;
            double agreement = Agreement(substitute, _rows, _units, _target.RequiredModel, _held, _answers);
            return PieceBytes.Of(writer =>
            {
                writer.Write(agreement);
                writer.Write(substitute.Model.Sha256);
            });
        }

        public AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results)
        {
            double[] agreements = new double[Count];
            string sha256 = "";
            for (int point = 0; point < Count; point++)
                PieceBytes.Read(results[point], reader => (agreements[point], sha256) = (reader.ReadDouble(), reader.ReadString()));
            JsonArray curve = [.. _asked.Select((count, point) => (JsonNode)new JsonObject { ["queries"] = count, ["agreement"] = agreements[point] })];
            JsonObject figures = new()
            {
                ["attack"] = "extract",
                ["rows"] = _held.Length,
                ["queries"] = _rows.Count - _held.Length,
                ["agreement"] = agreements[^1],
                ["curve"] = curve,
                ["clean_accuracy"] = (double)_held.Count(row => _answers[row] == _rows.Labels[row]) / _held.Length,
                ["seed"] = _seed,
                ["model_sha256"] = _target.RequiredModel.Model.Sha256,
                ["substitute_sha256"] = sha256,
            };
            return new AttackReport(figures, [Threat]) { Stolen = new Lazy<SavedModel>(() => Again(sha256)) };
        }

        /// <summary>The last substitute, which may have been trained elsewhere.</summary>
        private SavedModel Again(string sha256)
        {
            SavedModel substitute = _last ?? Train(Count - 1);
            return substitute.Model.Sha256 == sha256 ? substitute : throw new InvalidDataException(
                $"Extraction: wanted the substitute {sha256}, got {substitute.Model.Sha256}; run the same version of the program on every node.");
        }

        private SavedModel Train(int point) => Extraction.Train(_target.RequiredModel, _rows, _units, _order[.._asked[point]], _answers);
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
