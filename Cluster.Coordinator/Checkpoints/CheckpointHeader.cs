using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>What a checkpoint says beside its numbers. Every counter is absolute: counted from the start of training.</summary>
internal sealed record CheckpointHeader
{
    /// <summary>The job text's SHA-256: a checkpoint is good for no other job.</summary>
    public required string JobTextSha256 { get; init; }

    /// <summary>The prepared data's SHA-256; empty in the checkpoint of an older version.</summary>
    public string DataSha256 { get; init; } = string.Empty;

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch that the next step belongs to, from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps done of that epoch.</summary>
    public required long StepInEpoch { get; init; }

    /// <summary>What the steps of that epoch have added up to.</summary>
    public StepTally Tally { get; init; }

    /// <summary>What the epoch before added up to, so that a question about it can still be answered.</summary>
    public StepTally LastTally { get; init; }

    /// <summary>The life of the parameter server that wrote it.</summary>
    public long Incarnation { get; init; }

    /// <summary>The privacy ledger, which covers at least <see cref="Step"/> steps; null if training is not private.</summary>
    public byte[]? Ledger { get; init; }

    /// <summary>The epoch of the best state, or −1 if none is kept.</summary>
    public int BestEpoch { get; init; } = -1;

    /// <summary>How the numbers are stored.</summary>
    public required NumberKind Numbers { get; init; }

    /// <summary>Numbers of the state, and of the best state where one is kept.</summary>
    public required int StateLength { get; init; }

    /// <summary>Numbers of the optimizer state.</summary>
    public required int OptimizerStateLength { get; init; }

    /// <summary>The next step of each micro-batch, where they step at a pace of their own; else null.</summary>
    public long[]? Clocks { get; init; }

    /// <summary>SHA-256 of the state's bytes; filled in by the writer.</summary>
    public string StateSha256 { get; init; } = string.Empty;
}
