using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>The round that is being gathered, and what of it is missing.</summary>
/// <param name="Purpose">What it asks of the workers.</param>
/// <param name="Sums">What has come here.</param>
/// <param name="Ranges">What the servers of ranges have said; null if the parameters are in one place.</param>
internal readonly record struct OpenRound(RoundPurpose Purpose, IContributionSum Sums, RangeRounds? Ranges)
{
    /// <summary>Whether nobody has sent the sum of this micro-batch.</summary>
    public bool Awaits(int shard) => Sums.IsMissing(shard);

    /// <summary>Whether some of the sum of this micro-batch is missing, as far as is known.</summary>
    public bool IsMissing(int shard) => Awaits(shard) || (Purpose == RoundPurpose.Train && Ranges?.IsMissing(shard) == true);

    /// <summary>Whether a worker holds a shard whose sum has not come.</summary>
    public bool IsOwedBy(ShardHost host)
    {
        foreach (int shard in host.Shards)
            if (Sums.IsMissing(shard)) return true;
        return false;
    }
}
