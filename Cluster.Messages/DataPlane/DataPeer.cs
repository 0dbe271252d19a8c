namespace Cluster.Messages.DataPlane;

/// <summary>A node as the data plane knows it.</summary>
/// <param name="Name">Its name, of one life: a node that starts again has another.</param>
/// <param name="Host">The host that its certificate must name.</param>
public readonly record struct DataPeer(string Name, string Host)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
