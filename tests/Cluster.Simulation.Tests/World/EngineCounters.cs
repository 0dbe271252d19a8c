using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Util.Internal;

namespace Cluster.Simulation.Tests.World;

/// <summary>The engine numbers some of its actors throughout a process; each history begins with the numbers that the first began with.</summary>
internal static class EngineCounters
{
    private static readonly (FieldInfo Field, long Value)[] s_counters =
    [
        .. new[] { typeof(ActorSystem), typeof(ActorCluster), typeof(Eventsourced), typeof(Akka.Remote.RemoteActorRefProvider), typeof(Akka.DistributedData.DistributedData) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(AtomicCounter) || field.FieldType == typeof(AtomicCounterLong))
            .Select(field => (field, Read(field))),
    ];

    /// <summary>Sets them back. The first call must come before anything of the engine runs.</summary>
    public static void Reset()
    {
        foreach ((FieldInfo field, long value) in s_counters)
        {
            if (field.GetValue(null) is AtomicCounter counter) counter.GetAndSet((int)value);
            else ((AtomicCounterLong)field.GetValue(null)!).GetAndSet(value);
        }
    }

    private static long Read(FieldInfo field)
    {
        RuntimeHelpers.RunClassConstructor(field.DeclaringType!.TypeHandle);
        return field.GetValue(null) is AtomicCounter counter ? counter.Current : ((AtomicCounterLong)field.GetValue(null)!).Current;
    }
}
