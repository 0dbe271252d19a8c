using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Export;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Rows are made against each of several models, and each set of rows is shown to all of them.</summary>
/// <remarks>
/// Equation      accuracy[s][t] = rows that t tells rightly, as the attack on s left them, over all rows;
///               rate[s][t] = rows that s and t tell rightly before, and both wrongly after, over those that s told rightly and now does not,
///               and t told rightly
/// Threat model  evasion, untargeted; the attacker has model s, or its scores, and the attacked model is t
/// Determinism   as <see cref="EvasionRun"/>: parts of a fixed size, random numbers keyed by (seed, row)
/// Source        Papernot, McDaniel, Goodfellow, "Transferability in Machine Learning", 2016, § 3
/// Differs       from the paper in the attack on a model without gradients, which is square and so asks for its scores
/// </remarks>
internal sealed class TransferMatrix : PiecewiseAttack
{
    private const int RowsOfPart = 64, ModelsMax = 32;

    public override string Name => "transfer-matrix";

    public override string Meaning => "rows made against each of several models, shown to all of them";

    public override string ThreatModel => "Black box: rows are made against one model, by its gradients or else by its scores, and shown to another once; every pair of models is tried.";

    public override string Source => "Papernot, McDaniel and Goodfellow, 2016";

    public override IReadOnlyList<string> Flags => ["against", "epsilon", "steps", "restarts", "queries"];

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        SavedModel[] models = [target.RequiredModel, .. target.Others];
        if (models.Length is < 2 or > ModelsMax)
            throw new BadInputException("--against", null, null, $"1 to {ModelsMax - 1} models beside the first", $"{models.Length - 1}", "name their files, --against once for each");
        foreach (SavedModel other in models)
            if (!other.Preprocessing.FeatureNames.SequenceEqual(models[0].Preprocessing.FeatureNames) || !other.Preprocessing.Classes.SequenceEqual(models[0].Preprocessing.Classes))
                throw new BadInputException("--against", null, null, "models of the same columns and classes", $"another: {other.Spec.Name}", "train all of them on data of the same kind");
        (AttackedRows rows, AttackUnits units) = target.Read();
        return new Pairs(this, target, rows, units, models, settings with { Norm = Norm.Linf, Epsilon = settings.EpsilonOr(new Pgd().EpsilonUsual(Norm.Linf)) });
    }

    private static EvasionAttack AttackOn(AttackedModel model) => model.HasGradients ? new Pgd() : new SquareAttack();

    /// <summary>Parts of the rows, model after model against which they are made.</summary>
    private sealed class Pairs(TransferMatrix kind, AttackTarget target, AttackedRows rows, AttackUnits units, SavedModel[] models, AttackSettings settings) : IAttackPieces
    {
        private int Parts => (rows.Count + RowsOfPart - 1) / RowsOfPart;

        public int Count => models.Length * Parts;

        /// <summary>Of each row and model: is it told rightly as it was, and as the attack left it?</summary>
        public byte[] Run(int piece)
        {
            (int source, int part) = (piece / Parts, piece % Parts);
            AttackedRows some = rows.Slice(part * RowsOfPart, Math.Min(RowsOfPart, rows.Count - (part * RowsOfPart)));
            AttackedModel[] opened = [.. models.Select(model => target.Open(model, units))];
            bool[][] before = [.. opened.Select(model => Right(model, some, some.Numbers))];
            float[] changed = Changed(opened[source], some, before[source]);
            bool[][] after = [.. opened.Select(model => Right(model, some, changed))];
            return PieceBytes.Of(writer =>
            {
                for (int row = 0; row < some.Count; row++)
                    for (int model = 0; model < models.Length; model++)
                    {
                        writer.Write(before[model][row]);
                        writer.Write(after[model][row]);
                    }
            });
        }

        public AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results)
        {
            int count = models.Length;
            long[] clean = new long[count];
            long[,] stay = new long[count, count], carried = new long[count, count], fooled = new long[count, count];
            for (int piece = 0; piece < results.Count; piece++)
            {
                (int source, int part) = (piece / Parts, piece % Parts);
                PieceBytes.Read(results[piece], reader =>
                {
                    for (int row = part * RowsOfPart; row < Math.Min(rows.Count, (part + 1) * RowsOfPart); row++)
                    {
                        (bool Before, bool After)[] said = [.. Enumerable.Range(0, count).Select(_ => (reader.ReadBoolean(), reader.ReadBoolean()))];
                        bool falls = said[source] is { Before: true, After: false };
                        for (int model = 0; model < count; model++)
                        {
                            if (source == model && said[model].Before) clean[model]++;
                            if (said[model].After) stay[source, model]++;
                            if (!falls || !said[model].Before) continue;
                            fooled[source, model]++;
                            if (!said[model].After) carried[source, model]++;
                        }
                    }
                });
            }
            return Report(clean, (source, model) => Share(stay[source, model], rows.Count), (source, model) => Share(carried[source, model], fooled[source, model]));
        }

        private float[] Changed(AttackedModel model, AttackedRows some, bool[] right)
        {
            int[] attacked = [.. Enumerable.Range(0, some.Count).Where(row => right[row])];
            AttackedRows chosen = some.Of(attacked);
            float[] moved = (float[])chosen.Numbers.Clone(), changed = (float[])some.Numbers.Clone();
            AttackOn(model).Attack(model, chosen, settings, moved);
            for (int i = 0; i < attacked.Length; i++) moved.AsSpan(i * some.Columns, some.Columns).CopyTo(changed.AsSpan(attacked[i] * some.Columns));
            return changed;
        }

        private AttackReport Report(long[] clean, Func<int, int, double?> accuracy, Func<int, int, double?> rate)
        {
            JsonObject figures = new()
            {
                ["attack"] = kind.Name,
                ["rows"] = rows.Count,
                ["epsilon"] = settings.Epsilon,
                ["norm"] = NormBall.NameOf(Norm.Linf),
                ["models"] = new JsonArray([.. models.Select((model, which) => (JsonNode)new JsonObject
                {
                    ["name"] = model.Spec.Name,
                    ["kind"] = model.Spec.Model.Kind,
                    ["with"] = AttackOn(target.Open(model, units)).Name,
                    ["clean_accuracy"] = Share(clean[which], rows.Count),
                    ["model_sha256"] = model.Model.Sha256,
                })]),
                ["attacked_accuracy"] = Matrix(accuracy),
                ["transfer_rate"] = Matrix(rate),
                ["units"] = units.Name,
                ["seed"] = settings.Seed,
            };
            IEnumerable<string> lines = models.Select((model, source) =>
                $"made against {model.Spec.Name}: {string.Join(", ", models.Select((shown, which) => $"{shown.Spec.Name} {Text(accuracy(source, which))}"))}");
            return new AttackReport(figures, [kind.ThreatModel, .. lines]);
        }

        private JsonArray Matrix(Func<int, int, double?> entry) =>
            new([.. models.Select((_, source) => (JsonNode)new JsonArray([.. models.Select((_, model) => (JsonNode?)entry(source, model))]))]);

        private static bool[] Right(AttackedModel model, AttackedRows rows, float[] numbers)
        {
            int[] said = new int[rows.Count];
            model.Predict(numbers, said);
            return [.. said.Select((predicted, row) => predicted == rows.Labels[row])];
        }

        private static double? Share(long some, long all) => all == 0 ? null : (double)some / all;

        private static string Text(double? share) => share is { } known ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{known:P1}") : "none";
    }
}
