using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Evasion;

namespace Cluster.Ml.Security.Defences;

/// <summary>Detection: a row whose scores change much when detail is taken out of it is taken for an attack.</summary>
/// <remarks>
/// Equation      d_s(x) = ‖p(x) − p(s(x))‖₁ of each squeezer s; x is flagged where some d_s(x) &gt; t_s. t_s is that quantile of half of the clean rows
///               which flags 5 % of them over the number of squeezers; the other half measures
/// Threat model  the attacker knows the model and not the detector
/// What voids it an attacker who knows the squeezers and follows gradients through them too
/// Source        Xu, Evans, Qi, "Feature Squeezing: Detecting Adversarial Examples in Deep Neural Networks", NDSS 2018; He et al., "Adversarial
///               Example Defenses: Ensembles of Weak Defenses are not Strong", WOOT 2017, for what voids it
/// Differs       from the paper in a threshold for each squeezer and not one for the greatest distance: a squeezer that clean rows do not bear is then
///               of little weight
/// </remarks>
internal sealed class FeatureSqueezing : AttackKind
{
    private const double FalsePositives = 0.05;
    private const int RowsLeast = 40;

    public override string Name => "detect";

    public override string Meaning => "a defence: rows whose scores change when detail is taken out are flagged";

    public override string ThreatModel => "Detection of evasion: the attacker knows the model and not the detector; who knows both can evade both.";

    public override string Source => "Xu, Evans and Qi, NDSS 2018";

    public override IReadOnlyList<string> Flags => ["epsilon", "norm", "steps", "restarts", "with"];

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        (AttackedRows rows, AttackUnits units) = target.Read();
        if (rows.Count < RowsLeast)
            throw new BadInputException(target.Data, null, null, $"at least {RowsLeast} rows, half of them to set the thresholds by", $"{rows.Count}", "name more data, or raise --rows");
        EvasionAttack attack = MadeBy(settings);
        attack.Check(target, units);
        EvasionRun run = EvasionRun.Of(attack, target, rows, units, settings);
        AttackedModel model = target.Open(units);
        bool[] right = Right(model, rows);
        Detector detector = new(model, rows);

        int[] held = [.. Enumerable.Range(0, rows.Count).Where(row => row % 2 == 1)];
        int[] fooled = [.. held.Where(row => right[row] && !run.Stays[row])];
        bool[] flaggedClean = detector.Flags(rows.Numbers), flaggedAttacked = detector.Flags(run.Adversarial);
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["rows"] = held.Length,
            ["with"] = attack.Name,
            ["clean_accuracy"] = run.CleanAccuracy,
            ["attacked_accuracy"] = run.AttackedAccuracy,
            ["detection_rate"] = fooled.Length == 0 ? null : (double)fooled.Count(row => flaggedAttacked[row]) / fooled.Length,
            ["false_positive_rate"] = (double)held.Count(row => flaggedClean[row]) / held.Length,
            ["undetected_rate"] = (double)fooled.Count(row => !flaggedAttacked[row]) / held.Length,
            ["thresholds"] = new JsonObject(detector.Squeezers.Select((squeezer, s) => KeyValuePair.Create(squeezer.Name, (JsonNode?)detector.Thresholds[s]))),
            ["norm"] = NormBall.NameOf(settings.Norm ?? attack.Norms[0]),
            ["epsilon"] = settings.Epsilon ?? attack.EpsilonUsual(settings.Norm ?? attack.Norms[0]),
            ["units"] = units.Name,
            ["seed"] = settings.Seed,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, [ThreatModel]);
    }

    private static EvasionAttack MadeBy(AttackSettings settings)
    {
        string name = settings.With ?? "pgd";
        EvasionAttack[] known = [.. AttackRegistry.All.OfType<EvasionAttack>().Where(kind => !kind.Minimizes && kind is not Transfer)];
        return known.FirstOrDefault(kind => kind.Name == name) ?? throw new BadInputException(
            "--with", null, null, string.Join(" or ", known.Select(kind => kind.Name)), name, "choose one of them");
    }

    private static bool[] Right(AttackedModel model, AttackedRows rows)
    {
        int[] said = new int[rows.Count];
        model.Predict(rows.Numbers, said);
        return [.. said.Select((predicted, row) => predicted == rows.Labels[row])];
    }

    /// <summary>Thresholds of the squeezers of a model, by every other row.</summary>
    private sealed class Detector
    {
        private readonly AttackedModel _model;

        public Detector(AttackedModel model, AttackedRows rows)
        {
            (_model, Squeezers) = (model, Squeezer.For(model));
            int[] half = [.. Enumerable.Range(0, rows.Count).Where(row => row % 2 == 0)];
            Thresholds = [.. Squeezers.Select(squeezer =>
            {
                double[] sorted = [.. Distances(rows.Of(half).Numbers, squeezer).Order()];
                return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling((1 - (FalsePositives / Squeezers.Count)) * sorted.Length) - 1)];
            })];
        }

        public IReadOnlyList<Squeezer> Squeezers { get; }

        public double[] Thresholds { get; }

        public bool[] Flags(float[] rows)
        {
            bool[] flagged = new bool[rows.Length / _model.Columns];
            for (int s = 0; s < Squeezers.Count; s++)
            {
                double[] distances = Distances(rows, Squeezers[s]);
                for (int row = 0; row < flagged.Length; row++) flagged[row] |= distances[row] > Thresholds[s];
            }
            return flagged;
        }

        private double[] Distances(float[] rows, Squeezer squeezer)
        {
            int columns = _model.Columns, classes = _model.Classes, count = rows.Length / columns;
            float[] squeezed = new float[rows.Length];
            for (int row = 0; row < count; row++) squeezer.Squeeze(_model, rows.AsSpan(row * columns, columns), squeezed.AsSpan(row * columns, columns));
            double[] before = new double[count * classes], after = new double[count * classes], distances = new double[count];
            _model.Scores(rows, before);
            _model.Scores(squeezed, after);
            for (int i = 0; i < before.Length; i++) distances[i / classes] += Math.Abs(before[i] - after[i]);
            return distances;
        }
    }
}
