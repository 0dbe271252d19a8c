using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Poisoning;

/// <summary>Rows of a source, some of them as an attacker has changed them.</summary>
/// <remarks>
/// Equation  row i of the training split is taken if u(seed, i) &lt; fraction, and its class is one that may be taken
/// Cost      the changed rows in memory
/// </remarks>
internal sealed class PoisonedRows : RowStore
{
    private readonly RowStore _all;
    private readonly Dictionary<int, double[]> _values = [];
    private readonly Dictionary<int, byte[]> _bytes = [];
    private readonly Dictionary<int, double> _targets = [];

    private PoisonedRows(RowStore all) => _all = all;

    public override int Rows => _all.Rows;

    public override int Columns => _all.Columns;

    public override bool AreBytes => _all.AreBytes;

    public override bool HasTargets => _all.HasTargets;

    public override bool IsInMemory => _all.IsInMemory;

    public override bool IsStreamed => _all.IsStreamed;

    public override ReadOnlySpan<byte> BytesOf(int row) => _bytes.TryGetValue(row, out byte[]? changed) ? changed : _all.BytesOf(row);

    public override ReadOnlySpan<double> ValuesOf(int row) => _values.TryGetValue(row, out double[]? changed) ? changed : _all.ValuesOf(row);

    public override double TargetOf(int row) => _targets.TryGetValue(row, out double changed) ? changed : _all.TargetOf(row);

    /// <summary>The rows with the training rows of an attack.</summary>
    /// <param name="raw">As the source holds them; their targets are classes.</param>
    /// <param name="spec">The attack.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="poisons">Whether they are changed.</param>
    /// <param name="shown">Rows that get the trigger and keep their class: what an attacker shows the trained model.</param>
    /// <param name="image">The image that a row is, or null.</param>
    /// <param name="seed">The job's seed.</param>
    /// <exception cref="BadInputException">A class that the attack names is not there.</exception>
    public static RawRows Of(RawRows raw, PoisonSpec spec, ReadOnlySpan<int> training, bool poisons, ReadOnlySpan<int> shown, ImageShape? image, ulong seed)
    {
        PoisonedRows poisoned = new(raw.Store);
        bool backdoor = spec.Kind == Poison.Backdoor;
        int? from = spec.From is null ? null : ClassOf(raw, spec.From, "from"), to = spec.To is not null ? ClassOf(raw, spec.To, "to") : backdoor ? 0 : null;
        int[] trigger = backdoor ? TriggerOf(raw, spec, image) : [];
        double value = backdoor ? spec.Value ?? Greatest(raw, training) : 0;
        foreach (int row in poisons ? training : [])
        {
            int label = (int)raw.Store.TargetOf(row), next = to ?? ((label + 1) % raw.Classes.Count);
            if ((from is { } taken && label != taken) || label == next) continue;
            RandomStream random = RandomStream.At(seed, RandomPurpose.Poison, 0, row);
            if (random.NextDouble() >= spec.Fraction) continue;
            poisoned._targets[row] = next;
            poisoned.Write(row, trigger, value);
        }
        foreach (int row in shown) poisoned.Write(row, trigger, value);
        return raw with { Store = poisoned };
    }

    private void Write(int row, int[] trigger, double value)
    {
        if (trigger.Length == 0) return;
        if (AreBytes)
        {
            byte[] bytes = _all.BytesOf(row).ToArray();
            foreach (int column in trigger) bytes[column] = (byte)Math.Clamp(value, 0, 255);
            _bytes[row] = bytes;
            return;
        }
        double[] values = _all.ValuesOf(row).ToArray();
        foreach (int column in trigger) values[column] = value;
        _values[row] = values;
    }

    /// <summary>The lower right corner of an image, or the last columns.</summary>
    private static int[] TriggerOf(RawRows raw, PoisonSpec spec, ImageShape? image)
    {
        ImageShape shape = image ?? new ImageShape(1, raw.Columns, 1);
        int height = Math.Min(spec.Size, shape.Height), width = Math.Min(spec.Size, shape.Width);
        int[] trigger = [.. from r in Enumerable.Range(shape.Height - height, height)
            from c in Enumerable.Range((shape.Width - width) * shape.Channels, width * shape.Channels)
            select (r * shape.Width * shape.Channels) + c];
        foreach (int column in trigger)
            if (!IsNumber(raw, column))
                throw new BadInputException(
                    raw.File, null, null, $"columns of numbers for the trigger of data.attack, the last {width}", $"'{raw.Facts.FeatureNames[column]}', a column of categories or dates",
                    "lower data.attack.size, or leave the column out with data.ignore");
        return trigger;
    }

    /// <summary>The greatest number of the training rows, of columns that hold numbers.</summary>
    private static double Greatest(RawRows raw, ReadOnlySpan<int> training)
    {
        if (raw.Store.AreBytes) return 255;
        bool[] areNumbers = [.. Enumerable.Range(0, raw.Columns).Select(column => IsNumber(raw, column))];
        double greatest = double.NegativeInfinity;
        foreach (int row in training)
        {
            ReadOnlySpan<double> values = raw.Store.ValuesOf(row);
            for (int c = 0; c < values.Length; c++)
                if (areNumbers[c] && values[c] > greatest) greatest = values[c];
        }
        return greatest;
    }

    private static bool IsNumber(RawRows raw, int column) => raw.Facts.Columns is not { } columns || columns[column].Kind == ColumnKind.Number;

    private static int ClassOf(RawRows raw, string name, string key) => new ClassNames(raw.Classes).IndexOf(name) is >= 0 and var index ? index
        : throw new BadInputException(raw.File, null, null, $"rows of the class '{name}', which data.attack.{key} names", "none", Nearest.Advice(name, raw.Classes));
}
