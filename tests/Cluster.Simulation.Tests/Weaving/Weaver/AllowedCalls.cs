using Mono.Cecil;

namespace Cluster.Simulation.Weaver;

/// <summary>Types that no simulation comes to, or whose draws are not used: they may call what has no hook.</summary>
internal static class AllowedCalls
{
    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "Akka.Actor.HashedWheelTimerScheduler",     // the scheduler is the simulation's
        "Akka.Dispatch.ChannelTaskScheduler",       // the executor is the simulation's
        "Helios.Concurrency.DedicatedThreadPool",   // as above
        "Akka.Util.ThreadLocalRandom",              // the seed of generators that are replaced where they are taken out
    };

    /// <summary>Whether a method may call what has no hook.</summary>
    public static bool ContainCallsOf(MethodDefinition method)
    {
        TypeDefinition outer = method.DeclaringType;
        while (outer.DeclaringType is { } around) outer = around;
        return s_types.Contains(outer.FullName);
    }
}
