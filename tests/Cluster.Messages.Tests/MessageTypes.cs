using System.Reflection;

namespace Cluster.Messages.Tests;

/// <summary>The protocol as the compiler sees it.</summary>
internal static class MessageTypes
{
    public static IReadOnlyList<Type> All { get; } = typeof(IClusterMessage).Assembly.GetTypes()
        .Where(type => typeof(IClusterMessage).IsAssignableFrom(type) && type is { IsInterface: false })
        .OrderBy(type => type.Name, StringComparer.Ordinal).ToArray();

    public static ConstructorInfo PrimaryConstructor(Type type) =>
        type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();

    public static string Fields(Type type) =>
        string.Join(", ", PrimaryConstructor(type).GetParameters().Select(p => $"{NameOf(p.ParameterType)} {p.Name}"));

    private static string NameOf(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        string open = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return $"{open}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
