using System.Reflection;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests;

/// <summary>References that are nothing but their path, and the book that finds them again.</summary>
internal sealed class FakeActors : IActorPaths
{
    private readonly Dictionary<string, IActorRef> _byPath = new(StringComparer.Ordinal);

    public IActorRef this[string path]
    {
        get
        {
            if (!_byPath.TryGetValue(path, out IActorRef? actor))
            {
                actor = DispatchProxy.Create<IActorRef, Proxy>();
                ((Proxy)(object)actor).SerialisedPath = path;
                _byPath.Add(path, actor);
            }
            return actor;
        }
    }

    public string PathOf(IActorRef actor) => ((Proxy)(object)actor).SerialisedPath;

    public IActorRef Resolve(string path) => this[path];

    /// <summary>Stands in for a reference; only equality is ever asked of it.</summary>
#pragma warning disable CA1852 // The runtime derives the proxy from it.
    public class Proxy : DispatchProxy
    {
        public string SerialisedPath { get; set; } = string.Empty;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name switch
        {
            nameof(Equals) => ReferenceEquals(this, args![0]),
            nameof(GetHashCode) => SerialisedPath.GetHashCode(StringComparison.Ordinal),
            nameof(ToString) => SerialisedPath,
            _ => throw new NotSupportedException(targetMethod?.Name),
        };
    }
#pragma warning restore CA1852
}
