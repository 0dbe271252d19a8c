using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Cluster.Simulation.Tests.World;

/// <summary>
/// The runtime salts hashes of strings afresh in each process, and collections that are ordered by hash then differ between processes. This
/// gives it the same salt each time. To be called before any other code has hashed much, once a process.
/// </summary>
internal static class StableHashes
{
    private const ulong StringSalt = 0x0123456789ABCDEFUL;
    private const uint ValueSalt = 0x12345678U;

    /// <exception cref="MissingFieldException">This runtime keeps its salts elsewhere.</exception>
    /// <exception cref="InvalidOperationException">A salt stayed as it was.</exception>
    public static void Install()
    {
        Set("System.Marvin", "<DefaultSeed>k__BackingField", StringSalt);
        Set("System.HashCode", "s_seed", ValueSalt);
    }

    // Reflection refuses to set a read-only field; a method made at run time does not.
    private static void Set<T>(string typeName, string fieldName, T value)
    {
        Type type = typeof(object).Assembly.GetType(typeName, throwOnError: true)!;
        RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        FieldInfo field = type.GetField(fieldName, BindingFlags.Static | BindingFlags.NonPublic) ?? throw new MissingFieldException(typeName, fieldName);
        DynamicMethod method = new("Set", null, [typeof(T)], typeof(object).Module, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Stsfld, field);
        code.Emit(OpCodes.Ret);
        method.CreateDelegate<Action<T>>()(value);
        if (!Equals(field.GetValue(null), value)) throw new InvalidOperationException($"{typeName}.{fieldName}: wanted {value}, got {field.GetValue(null)}");
    }
}
