namespace Cluster.Actors.Persistence.Storage;

/// <summary>No serializer of this system knows the shape, so it can be neither written nor read.</summary>
public sealed class UnknownManifestException(string where, string got, Exception? inner = null)
    : Exception($"{where}: wanted a shape that a registered serializer knows, got '{got}'; register its serializer with the system", inner)
{
    /// <summary>The manifest, or the type where no manifest could be had.</summary>
    public string Manifest { get; } = got;
}
