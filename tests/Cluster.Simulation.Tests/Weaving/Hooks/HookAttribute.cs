namespace Cluster.Simulation.Hooks;

/// <summary>Says in whose place a method is called: it takes the same arguments, an instance first.</summary>
/// <param name="member">The member as Mono.Cecil writes it; of a generic type without its arguments.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class HookAttribute(string member) : Attribute
{
    /// <summary>The member.</summary>
    public string Member { get; } = member;
}
