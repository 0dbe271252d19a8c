using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Cluster.Ml.Privacy;

/// <summary>So many steps of one mechanism.</summary>
/// <param name="Rate">q.</param>
/// <param name="Noise">σ.</param>
/// <param name="Steps">How many.</param>
public readonly record struct PrivacyEntry(double Rate, double Noise, long Steps);

/// <summary>
/// What a job has spent of its privacy budget. Steps are entered before their noise is drawn, so that no crash can hide
/// one; they are entered as "all steps before step n", never as "n more", so that entering them again changes nothing.
/// </summary>
/// <remarks>
/// Guarantee ε(<see cref="Entries"/>) is never above <see cref="TargetEpsilon"/>: <see cref="Reserve"/> grants no more
/// Restart   a step that is repeated after a crash releases the same noisy sum as before, hence costs nothing again;
///           restoring an older ledger beside an older state, however often, and reserving again ends at the same entries
/// Bytes     version 1, δ, target ε (NaN for none), count, then q, σ and steps of each entry, little-endian
/// </remarks>
public sealed class PrivacyLedger : IEquatable<PrivacyLedger>
{
    private const byte Version = 1;
    private const int HeadBytes = 1 + (2 * sizeof(double)) + sizeof(int);
    private const int EntryBytes = 3 * sizeof(double);

    /// <summary>The most entries: one for each change of q or σ.</summary>
    public const int EntriesMax = 1000;

    private readonly RdpCurve? _before;   // of all entries but the last
    private readonly RdpCurve _step;      // of one step of the last entry

    private PrivacyLedger(ImmutableArray<PrivacyEntry> entries, double delta, double? targetEpsilon, RdpCurve? before, RdpCurve step)
    {
        Entries = entries;
        Delta = delta;
        TargetEpsilon = targetEpsilon;
        _before = before;
        _step = step;
        Epsilon = EpsilonAt(Steps);
    }

    /// <summary>What was spent, in order; the last entry grows.</summary>
    public ImmutableArray<PrivacyEntry> Entries { get; }

    /// <summary>δ.</summary>
    public double Delta { get; }

    /// <summary>The budget, or null for none.</summary>
    public double? TargetEpsilon { get; }

    /// <summary>Steps entered with the present q and σ.</summary>
    public long Steps => Entries[^1].Steps;

    /// <summary>ε of all entries together.</summary>
    public double Epsilon { get; }

    /// <summary>A ledger in which nothing is spent.</summary>
    public static PrivacyLedger Open(double rate, double noise, double delta, double? targetEpsilon) =>
        new([new PrivacyEntry(rate, noise, 0)], delta, targetEpsilon, null, RdpCurve.Of(rate, noise));

    /// <summary>Goes on with another q or σ; steps are counted from 0 again.</summary>
    /// <exception cref="InvalidOperationException">There were too many changes.</exception>
    public PrivacyLedger Continue(double rate, double noise)
    {
        if (Entries.Length >= EntriesMax)
            throw new InvalidOperationException($"PrivacyLedger: wanted at most {EntriesMax} changes of rate or noise; train in fewer parts.");
        RdpCurve before = _step.Times(Steps);
        if (_before is not null) before = _before.Plus(before);
        return new PrivacyLedger(Entries.Add(new PrivacyEntry(rate, noise, 0)), Delta, TargetEpsilon, before, RdpCurve.Of(rate, noise));
    }

    /// <summary>Enters all steps before <paramref name="throughStep"/>, or as many of them as the budget allows.</summary>
    /// <param name="throughStep">Steps since the start with the present q and σ: an absolute number.</param>
    /// <returns>The ledger whose <see cref="Steps"/> is how far training may go; this one if nothing is added.</returns>
    public PrivacyLedger Reserve(long throughStep)
    {
        if (throughStep <= Steps) return this;
        long granted = throughStep;
        if (TargetEpsilon is { } budget && !(EpsilonAt(throughStep) <= budget))
        {
            long refused = throughStep;
            granted = Steps;
            while (refused - granted > 1)
            {
                long middle = granted + ((refused - granted) / 2);
                if (EpsilonAt(middle) <= budget) granted = middle;
                else refused = middle;
            }
        }
        if (granted == Steps) return this;
        ImmutableArray<PrivacyEntry> entries = Entries.SetItem(Entries.Length - 1, Entries[^1] with { Steps = granted });
        return new PrivacyLedger(entries, Delta, TargetEpsilon, _before, _step);
    }

    /// <summary>Whether training may do the step of this number, from 0: it has been entered.</summary>
    public bool Allows(long step) => step < Steps;

    /// <summary>ε if the present entry had so many steps.</summary>
    public double EpsilonAt(long steps)
    {
        RdpCurve now = _step.Times(steps);
        return (_before is null ? now : _before.Plus(now)).Epsilon(Delta).Epsilon;
    }

    /// <summary>The ledger as bytes, for the journal and the checkpoint.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeadBytes + (Entries.Length * EntryBytes)];
        bytes[0] = Version;
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(1), Delta);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(9), TargetEpsilon ?? double.NaN);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(17), Entries.Length);
        for (int i = 0; i < Entries.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(HeadBytes + (i * EntryBytes), EntryBytes);
            BinaryPrimitives.WriteDoubleLittleEndian(entry, Entries[i].Rate);
            BinaryPrimitives.WriteDoubleLittleEndian(entry[8..], Entries[i].Noise);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], Entries[i].Steps);
        }
        return bytes;
    }

    /// <summary>The ledger that gave these bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are of no ledger.</exception>
    public static PrivacyLedger FromBytes(ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Length < HeadBytes || bytes[0] != Version ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes[17..]);
        if (count is < 1 or > EntriesMax || bytes.Length != HeadBytes + (count * EntryBytes))
            throw new InvalidDataException($"PrivacyLedger: wanted a ledger of version {Version}, got {bytes.Length} bytes of something else; use an older checkpoint.");
        double delta = BinaryPrimitives.ReadDoubleLittleEndian(bytes[1..]), target = BinaryPrimitives.ReadDoubleLittleEndian(bytes[9..]);
        PrivacyLedger? ledger = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(HeadBytes + (i * EntryBytes), EntryBytes);
            double rate = BinaryPrimitives.ReadDoubleLittleEndian(entry), noise = BinaryPrimitives.ReadDoubleLittleEndian(entry[8..]);
            long steps = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
            if (!(rate is >= 0 and <= 1) || !(noise >= 0) || steps < 0 || !(delta is > 0 and < 1))
                throw new InvalidDataException($"PrivacyLedger: wanted rate, noise, steps and δ in range, got {rate}, {noise}, {steps} and {delta}; use an older checkpoint.");
            ledger = ledger is null ? Open(rate, noise, delta, double.IsNaN(target) ? null : target) : ledger.Continue(rate, noise);
            ImmutableArray<PrivacyEntry> entries = ledger.Entries.SetItem(i, new PrivacyEntry(rate, noise, steps));
            ledger = new PrivacyLedger(entries, ledger.Delta, ledger.TargetEpsilon, ledger._before, ledger._step);
        }
        return ledger!;
    }

    /// <inheritdoc/>
    public bool Equals(PrivacyLedger? other) =>
        other is not null && Delta == other.Delta && TargetEpsilon == other.TargetEpsilon && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PrivacyLedger);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Delta, TargetEpsilon, Entries.Length, Entries[^1]);
}
