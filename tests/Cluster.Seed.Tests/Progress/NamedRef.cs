using System.Reflection;

namespace Cluster.Seed.Tests.Progress;

/// <summary>A reference that only has a name: a state may compare references, but not use them.</summary>
#pragma warning disable CA1852 // The runtime derives the proxy from it.
internal class NamedRef : DispatchProxy
#pragma warning restore CA1852
{
    private int _index;

    public static IActorRef Of(int index)
    {
        IActorRef reference = Create<IActorRef, NamedRef>();
        ((NamedRef)(object)reference)._index = index;
        return reference;
    }

    public override bool Equals(object? obj) => obj is NamedRef other && other._index == _index;

    public override int GetHashCode() => _index;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name switch
    {
        nameof(Equals) => Equals(args![0]),
        nameof(IComparable.CompareTo) => _index.CompareTo(((NamedRef)args![0]!)._index),
        _ => throw new NotSupportedException(targetMethod?.Name),
    };
}
