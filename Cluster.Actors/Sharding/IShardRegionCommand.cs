namespace Cluster.Actors.Sharding;

/// <summary>What a shard region is asked to do.</summary>
public interface IShardRegionCommand;

/// <summary>What a shard region is asked about itself.</summary>
public interface IShardRegionQuery;
