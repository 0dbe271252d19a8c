using Cluster.Coordinator.Jobs;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Serving;

/// <summary>Where the versions of a model lie: a model file; a folder with one, such as that of a run; or a folder of versions, 1/, 2/ and so on, with one in each.</summary>
/// <param name="Name">What requests call it; null for the name of its job.</param>
/// <param name="Path">The file or folder.</param>
internal sealed record ModelSource(string? Name, string Path)
{
    private const int VersionDigitsMax = 9;

    /// <summary>Reads NAME=PATH or PATH.</summary>
    public static ModelSource Parse(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        bool isNamed = sign > 0 && text[..sign].All(IsOfName);
        return isNamed ? new ModelSource(text[..sign], System.IO.Path.GetFullPath(text[(sign + 1)..])) : new ModelSource(null, System.IO.Path.GetFullPath(text));
    }

    /// <summary>The model files, with the version that a folder's name says.</summary>
    /// <exception cref="BadInputException">There are none.</exception>
    public IReadOnlyList<ModelPlace> Places()
    {
        if (!Directory.Exists(Path)) return [new ModelPlace(Path, null)];
        string own = System.IO.Path.Combine(Path, FileModelStore.FileName);
        if (File.Exists(own)) return [new ModelPlace(own, null)];
        List<ModelPlace> places = [];
        foreach (string folder in Directory.EnumerateDirectories(Path))
        {
            string name = System.IO.Path.GetFileName(folder), file = System.IO.Path.Combine(folder, FileModelStore.FileName);
            if (name.Length <= VersionDigitsMax && NumberText.TryRead(name, out int version) && version >= 1 && File.Exists(file)) places.Add(new ModelPlace(file, version));
        }
        return places.Count > 0 ? [.. places.OrderBy(place => place.Version)]
            : throw new BadInputException(Path, null, null, $"a folder with {FileModelStore.FileName} in it, or in folders named 1, 2 and so on", "neither", "name a model file");
    }

    /// <summary>Whether a name may stand in a route as it is.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 128 && name.All(IsOfName);

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}

/// <summary>A model file.</summary>
/// <param name="File">Its path.</param>
/// <param name="Version">The version that its folder's name says; null if none does.</param>
internal sealed record ModelPlace(string File, int? Version);
