using Cluster.Messages;

namespace Cluster.Worker.Sources;

// DataShard ── FetchSource ──▶ SourceFetchers ──▶ SourceFetch     the node does not see the data; again when it is opened again
// DataShard ◀── SourceFetched | SourceNotFetched ── SourceFetch
// Within one node: no part of the protocol.

/// <summary>Fetches the data of the job from its coordinator.</summary>
internal sealed record FetchSource(OpenShard Open) : INoSerializationVerificationNeeded;

/// <summary>The job's data lies in a folder of this node, whole and verified.</summary>
internal sealed record SourceFetched(string Folder) : INoSerializationVerificationNeeded;

/// <summary>The job's data cannot be had.</summary>
internal sealed record SourceNotFetched(string Reason) : INoSerializationVerificationNeeded;
