using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>How the gradients of a step's micro-batches become one: the key training.aggregate.</summary>
/// <remarks>
/// Shapes       gradients [n × length], one mean gradient a micro-batch → [length]
/// Determinism  sums and sorts follow the indices of micro-batches
/// </remarks>
public abstract record AggregateSpec
{
    /// <summary>As the key names it.</summary>
    internal abstract NamedChoice Choice { get; }

    /// <summary>As the key training.aggregate names it.</summary>
    public string Name => Choice.Name;

    /// <summary>Lying micro-batches f that it is to withstand.</summary>
    public virtual int Byzantine => 0;

    /// <summary>The fewest micro-batches with which it keeps its promise.</summary>
    internal abstract int Least { get; }

    /// <summary>What the promise asks of n and f, in words.</summary>
    internal abstract string Promise { get; }

    /// <summary>Brings gradients together.</summary>
    /// <param name="gradients">[n × length].</param>
    /// <param name="count">n, at least 1.</param>
    /// <param name="result">[length], overwritten.</param>
    internal abstract void Aggregate(ReadOnlySpan<float> gradients, int count, Span<float> result);

    /// <summary>As a job writes it.</summary>
    internal string Write() => Choice.WordOnly ? Name : $"{{ {Choice.Write(this)} }}";

    /// <summary>The value that is written.</summary>
    internal static AggregateSpec Read(JobMap map, string key) => ChoiceReader.Read(map, key, AggregateRegistry.All, "{ krum: { byzantine: 1 } }") is ({ } choice, var inner)
        ? ChoiceReader.ReadOptions<AggregateSpec>(choice, inner)
        : Mean.Instance;

    /// <summary>Declares the key byzantine.</summary>
    private protected static KeySet<T> Lying<T>(KeySet<T> keys, Func<T, int, T> set)
        where T : AggregateSpec => keys.Whole(
            "byzantine", "Lying micro-batches that are withstood.", o => o.Byzantine, set, 1, JobDefaults.MicroBatchesMax, unit: "micro-batches");
}
