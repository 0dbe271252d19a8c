using System.Reflection;

namespace Cluster.Simulation.Tests.Training;

/// <summary>Planted bugs by name, as other processes are asked for them.</summary>
internal static class NamedBugs
{
    /// <summary>The bug of a name: a property of <see cref="PlantedBugs"/>, or an <see cref="AuthorityBug"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PlantedBug Find(string name) =>
        typeof(PlantedBugs).GetProperty(name, BindingFlags.Static | BindingFlags.Public)?.GetValue(null) as PlantedBug
        ?? (Enum.TryParse(name, out AuthorityBug bug) ? new PlantedBug { Authority = bug } : throw new ArgumentException($"bug: wanted a planted one, got {name}"));
}
