using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cluster.Simulation.Weaver;

/// <summary>Writes a copy of an assembly that calls hooks where the original calls clock, random numbers and timers.</summary>
internal sealed class AssemblyWeaver
{
    private static readonly HookTable s_hooks = new();

    private readonly ModuleDefinition _module;
    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);
    private int _woven;

    private AssemblyWeaver(ModuleDefinition module) => _module = module;

    /// <summary>Weaves one assembly.</summary>
    /// <param name="file">The original, which stays as it is.</param>
    /// <param name="copy">Where the woven copy goes.</param>
    /// <param name="references">Files in whose folders references are found.</param>
    public static WeavingReport Weave(string file, string copy, IEnumerable<string> references)
    {
        using DefaultAssemblyResolver resolver = new();
        foreach (string folder in references.Select(reference => Path.GetDirectoryName(Path.GetFullPath(reference))!).Distinct()) resolver.AddSearchDirectory(folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(file, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
        AssemblyWeaver weaver = new(assembly.MainModule);
        foreach (TypeDefinition type in assembly.MainModule.GetTypes())
            foreach (MethodDefinition method in type.Methods.Where(method => method.HasBody))
                weaver.Weave(type, method);
        assembly.Write(copy);
        return new WeavingReport(weaver._woven, [.. weaver._unknown]);
    }

    private void Weave(TypeDefinition type, MethodDefinition method)
    {
        ILProcessor code = method.Body.GetILProcessor();
        foreach (Instruction instruction in method.Body.Instructions.ToArray())
        {
            if (instruction.OpCode.Code is not (Code.Call or Code.Callvirt or Code.Newobj or Code.Ldftn) || instruction.Operand is not MethodReference called) continue;
            if (type.FullName == "Akka.Util.ThreadLocalRandom" && called.Name == "get_Value")
            {
                code.InsertAfter(instruction, code.Create(OpCodes.Call, _module.ImportReference(s_hooks.ThreadRandom)));
                _woven++;
            }
            else if (s_hooks.Find(called, _module) is { } hook)
            {
                // An operand and an operation in place of others: jumps that lead here still do.
                (instruction.OpCode, instruction.Operand) = (instruction.OpCode == OpCodes.Ldftn ? OpCodes.Ldftn : OpCodes.Call, hook);
                _woven++;
            }
            else if (WallClock.IsReadBy(called) && !AllowedCalls.ContainCallsOf(method))
                _unknown.Add($"{called.FullName} in {method.FullName}");
        }
    }
}
