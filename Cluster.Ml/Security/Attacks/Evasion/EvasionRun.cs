using System.Text.Json.Nodes;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>What an attack did to each row, and the figures of it.</summary>
/// <remarks>
/// Equation     attacked accuracy = rows that are told rightly, before and after, over all rows
/// Determinism  rows are cut into parts of a fixed size, and random numbers are keyed by (seed, row): neither threads nor their number matter
/// </remarks>
internal sealed class EvasionRun
{
    private const int RowsOfPart = 64;

    private readonly AttackedRows _rows;
    private readonly AttackUnits _units;
    private readonly AttackSettings _settings;
    private readonly Norm _norm;
    private readonly double? _epsilon;
    private readonly bool[] _right, _stays;
    private readonly double[] _l2, _linf;
    private readonly long[] _queries, _gradients;

    private EvasionRun(AttackedRows rows, AttackUnits units, AttackSettings settings, double? epsilon)
    {
        (_rows, _units, _settings, _norm, _epsilon) = (rows, units, settings, settings.Norm!.Value, epsilon);
        (_right, _stays) = (new bool[rows.Count], new bool[rows.Count]);
        (_l2, _linf) = (new double[rows.Count], new double[rows.Count]);
        int parts = (rows.Count + RowsOfPart - 1) / RowsOfPart;
        (_queries, _gradients) = (new long[parts], new long[parts]);
        Adversarial = (float[])rows.Numbers.Clone();
    }

    /// <summary>All rows as the attack left them.</summary>
    public float[] Adversarial { get; }

    public double CleanAccuracy => Share(_right);

    public double AttackedAccuracy => Share(_stays);

    public long Queries => _queries.Sum();

    /// <summary>Whether a row is told rightly before and after the attack.</summary>
    public IReadOnlyList<bool> Stays => _stays;

    /// <summary>Attacks all rows.</summary>
    public static EvasionRun Of(EvasionAttack attack, AttackTarget target, AttackedRows rows, AttackUnits units, AttackSettings settings)
    {
        settings = settings.Norm is null ? settings with { Norm = attack.Norms[0] } : settings;
        double? epsilon = settings.Epsilon ?? (attack.Minimizes ? null : attack.EpsilonUsual(settings.Norm!.Value));
        EvasionRun run = new(rows, units, settings with { Epsilon = epsilon }, epsilon);
        target.Runner.Run(run._queries.Length, part => run.AttackPart(attack, target, part));
        return run;
    }

    public AttackReport Report(EvasionAttack attack, AttackTarget target)
    {
        int right = _right.Count(said => said), fooled = right - _stays.Count(stays => stays);
        double[] lengths = [.. Enumerable.Range(0, _rows.Count).Where(row => _right[row] && !_stays[row]).Select(row => _l2[row]).Order()];
        double[] largest = [.. Enumerable.Range(0, _rows.Count).Where(row => _right[row] && !_stays[row]).Select(row => _linf[row]).Order()];
        JsonObject figures = new()
        {
            ["attack"] = attack.Name,
            ["rows"] = _rows.Count,
            ["clean_accuracy"] = CleanAccuracy,
            ["attacked_accuracy"] = AttackedAccuracy,
            ["success_rate"] = right == 0 ? 0 : (double)fooled / right,
            ["epsilon"] = _epsilon,
            ["norm"] = NormBall.NameOf(_norm),
            ["queries"] = Queries,
            ["gradients"] = _gradients.Sum(),
            ["l2_mean"] = lengths.Length == 0 ? null : lengths.Average(),
            ["l2_median"] = lengths.Length == 0 ? null : lengths[lengths.Length / 2],
            ["linf_mean"] = largest.Length == 0 ? null : largest.Average(),
            ["linf_median"] = largest.Length == 0 ? null : largest[largest.Length / 2],
            ["units"] = _units.Name,
            ["seed"] = _settings.Seed,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, [attack.ThreatModel]);
    }

    private void AttackPart(EvasionAttack attack, AttackTarget target, int part)
    {
        int first = part * RowsOfPart, count = Math.Min(RowsOfPart, _rows.Count - first), columns = _rows.Columns;
        AttackedModel model = target.Open(_units);
        int[] said = new int[count];
        model.Predict(_rows.Numbers.AsSpan(first * columns, count * columns), said);
        int[] right = [.. Enumerable.Range(0, count).Where(row => said[row] == _rows.Labels[first + row])];
        foreach (int row in right) _right[first + row] = true;
        if (right.Length > 0) AttackRight(attack, model, [.. right.Select(row => first + row)]);
        _queries[part] = model.Queries;
        _gradients[part] = model.Gradients;
    }

    private void AttackRight(EvasionAttack attack, AttackedModel model, int[] right)
    {
        int columns = _rows.Columns;
        AttackedRows rows = _rows.Of(right);
        float[] changed = (float[])rows.Numbers.Clone();
        attack.Attack(model, rows, _settings, changed);
        int[] said = new int[rows.Count];
        model.Predict(changed, said);
        for (int i = 0; i < rows.Count; i++)
        {
            ReadOnlySpan<float> after = changed.AsSpan(i * columns, columns);
            int row = right[i];
            (_l2[row], _linf[row]) = (NormBall.Distance(Norm.L2, after, rows.Row(i)), NormBall.Distance(Norm.Linf, after, rows.Row(i)));
            RequireWithin(after, model, row);
            bool near = _epsilon is not { } epsilon || (_norm == Norm.L2 ? _l2[row] : _linf[row]) <= epsilon * (1 + 1e-5);
            _stays[row] = said[i] == rows.Labels[i] || !near;
            after.CopyTo(Adversarial.AsSpan(row * columns));
        }
    }

    private void RequireWithin(ReadOnlySpan<float> row, AttackedModel model, int number)
    {
        for (int c = 0; c < row.Length; c++)
            if (!(row[c] >= model.Low[c] && row[c] <= model.High[c]) && row[c] != _rows.Row(number)[c])
                throw new InvalidOperationException($"EvasionRun: row {number}, column {c}: wanted a number from {model.Low[c]} to {model.High[c]}, got {row[c]}.");
    }

    private static double Share(bool[] rows) => rows.Length == 0 ? 0 : (double)rows.Count(row => row) / rows.Length;
}
