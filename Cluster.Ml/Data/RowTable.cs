using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Rows of numbers after scaling, in the element type that the learner asked for: in memory, or scaled anew each time from what the source holds.</summary>
/// <remarks>
/// Shapes    features [Rows, Columns] row-major; targets [Rows] (class index or value; empty if there is no target)
/// Cost      a scaled row in memory is looked at where it is. Rows of a row cache, and images whose bytes are all scaled alike (a byte a
///           number instead of four), are scaled into one of a thread's few buffers, without allocation
/// </remarks>
public sealed class RowTable
{
    private const int HashedAtOnce = 1 << 16;

    private readonly NumericBuffer? _inMemory;
    private readonly RowScaling? _scaling;
    private readonly NumberKind _numbers;
    private readonly Lazy<string> _identity;

    /// <summary>Wraps numbers that are already in memory.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public RowTable(NumericBuffer features, int columns, double[] targets)
    {
        if (columns < 0 || (columns > 0 && features.Length % columns != 0))
            throw new ArgumentException($"RowTable: wanted features of {columns} columns, got {features.Length} numbers.", nameof(features));
        (_inMemory, _numbers) = (features, features.Kind);
        _identity = new Lazy<string>(Sha256);
        Columns = columns;
        Rows = columns == 0 ? targets.Length : features.Length / columns;
        Targets = new RowTargets(targets);
        if (targets.Length != 0 && targets.Length != Rows)
            throw new ArgumentException($"RowTable: wanted {Rows} targets, got {targets.Length}.", nameof(targets));
    }

    private RowTable(RowStore rows, RowScaling scaling, NumberKind numbers, bool hasTargets)
    {
        (_scaling, _numbers) = (scaling, numbers);
        _identity = new Lazy<string>(Sha256);
        (Columns, Rows) = (rows.Columns, rows.Rows);
        Targets = !hasTargets ? new RowTargets([]) : rows.IsInMemory ? new RowTargets(TargetsOf(rows)) : new RowTargets(rows);
    }

    /// <summary>All features, row-major.</summary>
    /// <exception cref="InvalidOperationException">They are scaled only when one is looked at.</exception>
    public NumericBuffer Features => _inMemory
        ?? throw new InvalidOperationException("RowTable.Features: wanted scaled rows in memory, got rows of a row cache, or bytes; read them one by one.");

    /// <summary>Whether scaled rows are looked at where they are.</summary>
    internal bool IsInMemory => _inMemory is not null;

    /// <summary>Whether the source holds bytes that are all scaled alike: pixels.</summary>
    internal bool HoldsBytes => _scaling is { IsOfEqualBytes: true };

    /// <summary>Whether rows are read from a file when one is looked at.</summary>
    internal bool IsStreamed => _scaling is { Rows.IsStreamed: true };

    /// <summary>Numbers a row.</summary>
    public int Columns { get; }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>One target a row, or none at all.</summary>
    public RowTargets Targets { get; }

    /// <summary>One row's features as floats, [Columns]. They hold until the thread has asked for <see cref="RowScratch.RowsAtOnce"/> more rows.</summary>
    public ReadOnlySpan<float> FloatsOf(int row)
    {
        if (_inMemory is { } features) return features.Floats.Slice(row * Columns, Columns);
        Span<float> scaled = RowScratch.Next<float>(Columns);
        _scaling!.Scale(row, scaled);
        return scaled;
    }

    /// <summary>Writes one row's features as floats, [Columns].</summary>
    public void CopyFloats(int row, Span<float> to)
    {
        if (_inMemory is { } features) features.Floats.Slice(row * Columns, Columns).CopyTo(to);
        else _scaling!.Scale(row, to[..Columns]);
    }

    /// <summary>Asks for a row that is looked at soon: rows come in a random order, and each is a wait for memory otherwise.</summary>
    internal void Ask(int row)
    {
        if (_inMemory is not { } features) _scaling!.Ask(row);
        else if (_numbers == NumberKind.Float32) Caches.Ask<float>(features.Floats.Slice(row * Columns, Columns));
    }

    /// <summary>One row's features as doubles, [Columns]. They hold until the thread has asked for <see cref="RowScratch.RowsAtOnce"/> more rows.</summary>
    public ReadOnlySpan<double> DoublesOf(int row)
    {
        if (_inMemory is { } features) return features.Doubles.Slice(row * Columns, Columns);
        Span<double> scaled = RowScratch.Next<double>(Columns);
        _scaling!.Scale(row, scaled);
        return scaled;
    }

    /// <summary>How many bytes features take in memory.</summary>
    internal long BytesInMemory => (long)Rows * Columns * (CopiesBytes ? 1 : _numbers == NumberKind.Float32 ? sizeof(float) : sizeof(double));

    /// <summary>SHA-256 of the rows, computed once.</summary>
    internal string Identity => _identity.Value;

    /// <summary>SHA-256 of sizes, features and targets, in hexadecimal: equal for equal rows, wherever they are kept. Reads all rows.</summary>
    internal string Sha256()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> shape = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(shape, Columns);
        BinaryPrimitives.WriteInt32LittleEndian(shape[sizeof(int)..], Rows);
        hash.AppendData(shape);
        if (_inMemory is { } features) hash.AppendData(features.Bytes);
        else AppendScaled(hash);
        Span<double> targets = stackalloc double[256];
        for (int row = 0; row < Targets.Length; row += targets.Length)
        {
            int count = Math.Min(targets.Length, Targets.Length - row);
            for (int i = 0; i < count; i++) targets[i] = Targets[row + i];
            hash.AppendData(MemoryMarshal.AsBytes(targets[..count]));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 of a source's rows as they were read, in hexadecimal: of sizes, features as doubles and targets. Reads all rows, copies none.</summary>
    internal static string Sha256Of(RawRows raw) =>
        new RowTable(raw.Store, new RowScaling(Scaler.Identity, raw.Store), NumberKind.Float64, raw.Store.HasTargets).Sha256();

    /// <summary>The rows of a source, scaled: now, or whenever one is looked at where they are mapped, or cheap to scale and wanted as floats.</summary>
    internal static RowTable Of(RawRows raw, Scaler scaler, NumberKind numbers, bool hasTargets)
    {
        RowScaling scaling = new(scaler, raw.Store);
        FiniteRows.RequireScaler(raw, scaler);
        hasTargets &= raw.Store.HasTargets;
        if (hasTargets && numbers == NumberKind.Float32) FiniteRows.RequireTargets(raw);
        if (!raw.Store.IsInMemory || (numbers == NumberKind.Float32 && scaling.IsOfEqualBytes))
        {
            FiniteRows.Require(raw, scaler, scaling, numbers);
            return new RowTable(raw.Store, scaling, numbers, hasTargets);
        }
        long length = (long)raw.Rows * raw.Columns;
        if (length > NumericBuffer.LengthMax)
            throw new BadInputException(raw.File, null, null, $"at most {NumericBuffer.LengthMax} numbers in memory", $"{length}", "lower data-memory, so that the rows are read from a row cache, or leave out rows or columns");
        NumericBuffer scaled = new(numbers, (int)length);
        for (int row = 0; row < raw.Rows; row++)
            if (numbers == NumberKind.Float32) scaling.Scale(row, scaled.Floats.Slice(row * raw.Columns, raw.Columns));
            else scaling.Scale(row, scaled.Doubles.Slice(row * raw.Columns, raw.Columns));
        FiniteRows.Require(raw, scaler, scaled);
        return new RowTable(scaled, raw.Columns, hasTargets ? TargetsOf(raw.Store) : []);
    }

    /// <summary>Copies of some rows in memory, part by part, each a table of its own, with the bits that they have here. Best where the parts go on side by side in ascending order.</summary>
    internal RowTable[] Copies(IReadOnlyList<ShardNumbers> parts)
    {
        bool asBytes = CopiesBytes;
        double[][] targets = [.. parts.Select(part => new double[Targets.Length == 0 ? 0 : part.Length])];
        byte[][] bytes = [.. parts.Select(part => new byte[asBytes ? part.Length * Columns : 0])];
        NumericBuffer[] numbers = [.. parts.Select(part => new NumericBuffer(_numbers, asBytes ? 0 : part.Length * Columns))];
        int longest = parts.Max(part => part.Length);
        for (int position = 0; position < longest; position++)
            for (int i = 0; i < parts.Count; i++)
            {
                if (position >= parts[i].Length) continue;
                int row = parts[i][position];
                if (asBytes) _scaling!.Rows.BytesOf(row).CopyTo(bytes[i].AsSpan(position * Columns));
                else if (_numbers == NumberKind.Float32) CopyFloats(row, numbers[i].Floats.Slice(position * Columns, Columns));
                else DoublesOf(row).CopyTo(numbers[i].Doubles.Slice(position * Columns, Columns));
                if (Targets.Length > 0) targets[i][position] = Targets[row];
            }
        return [.. parts.Select((_, i) => asBytes
            ? Held(new MemoryRows(bytes[i], Columns, targets[i]))
            : new RowTable(numbers[i], Columns, targets[i]))];
    }

    /// <summary>How a shard's row cache holds rows: bytes as the source has them, with what 255 becomes; others scaled.</summary>
    internal string HeldAs => CopiesBytes ? string.Create(CultureInfo.InvariantCulture, $"bytes {_scaling!.Brightest:R}") : $"{_numbers}";

    /// <summary>Adds a row as a shard's row cache holds it.</summary>
    internal void AddTo(RowSink sink, int row)
    {
        if (Targets.Length > 0) sink.AddTarget(Targets[row]);
        if (CopiesBytes) sink.AddFeatures(_scaling!.Rows.BytesOf(row));
        else if (_numbers == NumberKind.Float64) sink.AddFeatures(DoublesOf(row));
        else
        {
            Span<double> widened = RowScratch.Next<double>(Columns);
            ReadOnlySpan<float> floats = FloatsOf(row);
            for (int c = 0; c < widened.Length; c++) widened[c] = floats[c];
            sink.AddFeatures(widened);
        }
    }

    /// <summary>The table of rows that a shard's row cache holds.</summary>
    internal RowTable Held(RowStore rows) =>
        new(rows, CopiesBytes ? _scaling!.Over(rows) : new RowScaling(Scaler.Identity, rows), _numbers, Targets.Length > 0);

    /// <summary>Whether copies are bytes of the source: a quarter of the floats that they become.</summary>
    private bool CopiesBytes => HoldsBytes && _numbers == NumberKind.Float32;

    private static double[] TargetsOf(RowStore rows) =>
        rows is MemoryRows memory ? memory.Targets : [.. Enumerable.Range(0, rows.Rows).Select(rows.TargetOf)];

    private void AppendScaled(IncrementalHash hash)
    {
        int rowBytes = Columns * (_numbers == NumberKind.Float32 ? sizeof(float) : sizeof(double)), rowsAtOnce = Math.Max(1, HashedAtOnce / rowBytes);
        var buffer = new byte[rowsAtOnce * rowBytes];
        for (long first = 0; first < Rows; first += rowsAtOnce)
        {
            int count = (int)Math.Min(rowsAtOnce, Rows - first);
            for (int i = 0; i < count; i++)
            {
                Span<byte> row = buffer.AsSpan(i * rowBytes, rowBytes);
                if (_numbers == NumberKind.Float32) _scaling!.Scale((int)first + i, MemoryMarshal.Cast<byte, float>(row));
                else _scaling!.Scale((int)first + i, MemoryMarshal.Cast<byte, double>(row));
            }
            hash.AppendData(buffer, 0, count * rowBytes);
        }
    }
}
