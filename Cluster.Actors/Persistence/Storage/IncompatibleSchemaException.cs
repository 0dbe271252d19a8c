namespace Cluster.Actors.Persistence.Storage;

/// <summary>The file was written by a newer version of the program.</summary>
public sealed class IncompatibleSchemaException(string file, long wanted, long got)
    : Exception($"{file}: wanted schema version {wanted} or older, got {got}; use the version of the program that wrote it");
