using Cluster.Simulation.Hooks;
using Mono.Cecil;

namespace Cluster.Simulation.Weaver;

/// <summary>Which member is replaced by which method of <see cref="Woven"/>.</summary>
internal sealed class HookTable
{
    private readonly Dictionary<string, MethodDefinition> _hooks = new(StringComparer.Ordinal);

    public HookTable()
    {
        TypeDefinition woven = AssemblyDefinition.ReadAssembly(typeof(Woven).Assembly.Location).MainModule.GetType(typeof(Woven).FullName);
        foreach (MethodDefinition method in woven.Methods)
            foreach (CustomAttribute hook in method.CustomAttributes.Where(attribute => attribute.AttributeType.Name == nameof(HookAttribute)))
                _hooks.Add((string)hook.ConstructorArguments[0].Value, method);
        ThreadRandom = woven.Methods.Single(method => method.Name == nameof(Woven.ThreadRandom));
    }

    /// <summary>Called with what a thread's generator is, gives the world's.</summary>
    public MethodDefinition ThreadRandom { get; }

    /// <summary>What is to be called in the module in place of a method; null if that stays.</summary>
    public MethodReference? Find(MethodReference called, ModuleDefinition module)
    {
        if (called.DeclaringType is not GenericInstanceType type) return _hooks.TryGetValue(called.FullName, out MethodDefinition? plain) ? module.ImportReference(plain) : null;
        string name = $"{called.ReturnType.FullName} {type.ElementType.FullName}::{called.Name}({string.Join(',', called.Parameters.Select(parameter => parameter.ParameterType.FullName))})";
        if (!_hooks.TryGetValue(name, out MethodDefinition? open)) return null;
        GenericInstanceMethod closed = new(module.ImportReference(open));
        foreach (TypeReference argument in type.GenericArguments) closed.GenericArguments.Add(argument);
        return closed;
    }
}
