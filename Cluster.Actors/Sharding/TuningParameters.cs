namespace Cluster.Actors.Sharding;

/// <summary>Times and bounds of sharding.</summary>
public sealed record TuningParameters
{
    /// <summary>How often a question without an answer is repeated.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Messages that a region keeps while their shards are unknown or moving; further ones are dropped.</summary>
    public int BufferSize { get; init; } = 100_000;

    /// <summary>How long the entities of a moving shard have to stop by themselves.</summary>
    public TimeSpan HandOffTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the allocation strategy is asked what should move.</summary>
    public TimeSpan RebalanceInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a region has come the strategy is asked at the latest.</summary>
    public TimeSpan RebalanceAfterRegistration { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a new coordinator waits for members within reach to say what they run; at least until a silent member would count as
    /// unreachable. It waits for nobody once all have spoken.
    /// </summary>
    public TimeSpan WaitingForStateTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>At most this many shards move in one round.</summary>
    public int LeastShardAllocationAbsoluteLimit { get; init; } = 16;

    /// <summary>At most this part of the shards moves in one round.</summary>
    public double LeastShardAllocationRelativeLimit { get; init; } = 1.0;

    public TuningParameters WithRetryInterval(TimeSpan retryInterval) => this with { RetryInterval = retryInterval };

    public TuningParameters WithBufferSize(int bufferSize) => this with { BufferSize = bufferSize };

    public TuningParameters WithHandOffTimeout(TimeSpan handOffTimeout) => this with { HandOffTimeout = handOffTimeout };

    public TuningParameters WithRebalanceInterval(TimeSpan rebalanceInterval) => this with { RebalanceInterval = rebalanceInterval };

    public TuningParameters WithWaitingForStateTimeout(TimeSpan waitingForStateTimeout) => this with { WaitingForStateTimeout = waitingForStateTimeout };

    public TuningParameters WithLeastShardAllocationAbsoluteLimit(int limit) => this with { LeastShardAllocationAbsoluteLimit = limit };

    public TuningParameters WithLeastShardAllocationRelativeLimit(double limit) => this with { LeastShardAllocationRelativeLimit = limit };
}
