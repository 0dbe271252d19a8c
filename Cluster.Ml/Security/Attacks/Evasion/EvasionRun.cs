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

    private readonly EvasionAttack _attack;
    private readonly AttackTarget _target;
    private readonly AttackedRows _rows;
    private readonly AttackUnits _units;
    private readonly AttackSettings _settings;
    private readonly Norm _norm;
    private readonly double? _epsilon;
    private readonly bool[] _right, _stays;
    private readonly double[] _l2, _linf;
    private readonly long[] _queries, _gradients;
    private float[]? _adversarial;

    /// <summary>An attack on all rows, of which nothing is computed yet.</summary>
    public EvasionRun(EvasionAttack attack, AttackTarget target, AttackedRows rows, AttackUnits units, AttackSettings settings)
    {
        (_attack, _target, _rows, _units, _norm) = (attack, target, rows, units, settings.Norm ?? attack.Norms[0]);
        _epsilon = settings.Epsilon ?? (attack.Minimizes ? null : attack.EpsilonUsual(_norm));
        _settings = settings with { Norm = _norm, Epsilon = _epsilon };
        (_right, _stays) = (new bool[rows.Count], new bool[rows.Count]);
        (_l2, _linf) = (new double[rows.Count], new double[rows.Count]);
        int parts = (rows.Count + RowsOfPart - 1) / RowsOfPart;
        (_queries, _gradients) = (new long[parts], new long[parts]);
    }

    /// <summary>The attack's name.</summary>
    public string Attack => _attack.Name;

    /// <summary>How many parts.</summary>
    public int Parts => _queries.Length;

    /// <summary>All rows as the attack left them.</summary>
    public float[] Adversarial => _adversarial ?? throw new InvalidOperationException("EvasionRun: wanted a run that keeps the changed rows, made by Of, got another.");

    public double CleanAccuracy => Share(_right);

    public double AttackedAccuracy => Share(_stays);

    public long Queries => _queries.Sum();

    /// <summary>Whether a row is told rightly before and after the attack.</summary>
    public IReadOnlyList<bool> Stays => _stays;

    /// <summary>Attacks all rows, and keeps them as the attack left them.</summary>
    public static EvasionRun Of(EvasionAttack attack, AttackTarget target, AttackedRows rows, AttackUnits units, AttackSettings settings)
    {
        EvasionRun run = new(attack, target, rows, units, settings) { _adversarial = (float[])rows.Numbers.Clone() };
        target.Runner.Run(run.Parts, part => run.AttackPart(part));
        return run;
    }

    /// <summary>Attacks the rows of a part.</summary>
    /// <returns>All that figures need of them; <see cref="Take"/> reads it.</returns>
    public byte[] RunPart(int part)
    {
        AttackPart(part);
        return PieceBytes.Of(writer =>
        {
            writer.Write(_queries[part]);
            writer.Write(_gradients[part]);
            foreach (int row in RowsOf(part))
            {
                writer.Write(_right[row]);
                writer.Write(_stays[row]);
                writer.Write(_l2[row]);
                writer.Write(_linf[row]);
            }
        });
    }

    /// <summary>Takes what came of a part, wherever it was computed.</summary>
    /// <exception cref="InvalidDataException">It is of other rows.</exception>
    public void Take(int part, ReadOnlyMemory<byte> result) => PieceBytes.Read(result, reader =>
    {
        (_queries[part], _gradients[part]) = (reader.ReadInt64(), reader.ReadInt64());
        foreach (int row in RowsOf(part))
            (_right[row], _stays[row], _l2[row], _linf[row]) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadDouble(), reader.ReadDouble());
    });

    public AttackReport Report()
    {
        int right = _right.Count(said => said), fooled = right - _stays.Count(stays => stays);
        double[] lengths = [.. Enumerable.Range(0, _rows.Count).Where(row => _right[row] && !_stays[row]).Select(row => _l2[row]).Order()];
        double[] largest = [.. Enumerable.Range(0, _rows.Count).Where(row => _right[row] && !_stays[row]).Select(row => _linf[row]).Order()];
        JsonObject figures = new()
        {
            ["attack"] = _attack.Name,
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
            ["model_sha256"] = _target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, [_attack.ThreatModel]);
    }

    private IEnumerable<int> RowsOf(int part) => Enumerable.Range(part * RowsOfPart, Math.Min(RowsOfPart, _rows.Count - (part * RowsOfPart)));

    private void AttackPart(int part)
    {
        int first = part * RowsOfPart, count = Math.Min(RowsOfPart, _rows.Count - first), columns = _rows.Columns;
        AttackedModel model = _target.Open(_units);
        int[] said = new int[count];
        model.Predict(_rows.Numbers.AsSpan(first * columns, count * columns), said);
        int[] right = [.. Enumerable.Range(0, count).Where(row => said[row] == _rows.Labels[first + row])];
        foreach (int row in right) _right[first + row] = true;
        if (right.Length > 0) AttackRight(model, [.. right.Select(row => first + row)]);
        _queries[part] = model.Queries;
        _gradients[part] = model.Gradients;
    }

    private void AttackRight(AttackedModel model, int[] right)
    {
        int columns = _rows.Columns;
        AttackedRows rows = _rows.Of(right);
        float[] changed = (float[])rows.Numbers.Clone();
        _attack.Attack(model, rows, _settings, changed);
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
            if (_adversarial is not null) after.CopyTo(_adversarial.AsSpan(row * columns));
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
