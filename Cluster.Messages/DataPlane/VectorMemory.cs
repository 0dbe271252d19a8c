using Cluster.Messages.Wire;

namespace Cluster.Messages.DataPlane;

/// <summary>Lends the memory that numbers are received into.</summary>
/// <param name="Rent">Lends memory of at least so many bytes.</param>
/// <param name="Return">Takes back memory that was lent, or the beginning of it.</param>
public sealed record VectorMemory(Func<PayloadKind, int, Memory<byte>> Rent, Action<PayloadKind, ReadOnlyMemory<byte>> Return);
