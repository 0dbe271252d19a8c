namespace Cluster.Simulation.Tests.Storage;

/// <summary>An event as a database has it.</summary>
/// <param name="Stream">The actor's persistence id.</param>
/// <param name="Number">Its place in the stream.</param>
/// <param name="Life">Which life of which node wrote it.</param>
/// <param name="Serializer">Who can read it.</param>
/// <param name="Manifest">As what.</param>
/// <param name="Bytes">The event, as it is read.</param>
/// <param name="Event">The event as it was written, for those who watch.</param>
internal sealed record StoredEvent(string Stream, long Number, int Life, int Serializer, string Manifest, byte[] Bytes, object Event);
