namespace Cluster.Actors;

/// <summary>
/// A hash of a text that is the same in every process (FNV-1a), so that collections of paths are walked in the same order
/// in every run of a simulation.
/// </summary>
internal static class StableHash
{
    internal static int Of(string text)
    {
        unchecked
        {
            uint hash = 2166136261;
            foreach (char c in text)
                hash = (hash ^ c) * 16777619;
            return (int)hash;
        }
    }

    internal static int Combine(int first, int second)
    {
        unchecked
        {
            uint hash = (uint)first;
            hash = (hash ^ (uint)second) * 2654435769;
            return (int)(hash ^ (hash >> 15));
        }
    }
}
