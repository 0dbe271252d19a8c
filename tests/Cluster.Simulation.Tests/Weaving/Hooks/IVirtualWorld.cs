namespace Cluster.Simulation.Hooks;

/// <summary>Source of time and random numbers for woven code.</summary>
public interface IVirtualWorld
{
    /// <summary>Virtual time since the beginning, in units of 100 ns.</summary>
    long Ticks { get; }

    /// <summary>Random numbers, from the seed.</summary>
    Random Random { get; }

    /// <summary>Runs something when that much virtual time has passed.</summary>
    void After(TimeSpan delay, Action action);
}
