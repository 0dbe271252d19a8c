using System.Globalization;

namespace Cluster.Messages.Node;

/// <summary>The command line of a program that is one node: <see cref="Usage"/>.</summary>
public static class NodeArguments
{
    /// <summary>The flags, for a person.</summary>
    public const string Usage =
        """
          --listen HOST:PORT           where others reach this node          (default 127.0.0.1, a free port)
          --seeds HOST:PORT[,...]      whom to join through; the first founds the cluster
          --name NAME                  what the node is called               (default: its address)
          --threads N                  computations at once                  (default: cores)
        """;

    /// <summary>Reads the flags.</summary>
    /// <param name="arguments">As the process got them.</param>
    /// <param name="role">What the program's nodes do.</param>
    /// <exception cref="BadNodeOptionsException">Names everything that is wrong.</exception>
    public static NodeOptions Parse(IReadOnlyList<string> arguments, string role)
    {
        NodeOptions options = new() { Roles = [role] };
        List<string> faults = [];
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string flag = arguments[i];
            if (i + 1 == arguments.Count) faults.Add($"{flag}: wanted a value behind it, got nothing");
            else options = Apply(options, flag, arguments[i + 1], faults);
        }
        return faults.Count == 0 ? options.Validated() : throw new BadNodeOptionsException([.. faults]);
    }

    private static NodeOptions Apply(NodeOptions options, string flag, string value, List<string> faults)
    {
        switch (flag)
        {
            case "--listen":
                return options with { Address = ReadAddress(flag, value, faults) };
            case "--seeds":
                return options with { Seeds = [.. value.Split(',').Select(seed => ReadAddress(flag, seed, faults))] };
            case "--name":
                return options with { Name = value };
            case "--threads" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int threads):
                return options with { ComputeThreads = threads };
            case "--threads":
                faults.Add($"{flag}: wanted a whole number, got '{value}'");
                return options;
            default:
                faults.Add($"{flag}: wanted --listen, --seeds, --name or --threads");
                return options;
        }
    }

    private static NodeAddress ReadAddress(string flag, string text, List<string> faults)
    {
        if (NodeAddress.TryParse(text.Trim(), out NodeAddress address)) return address;
        faults.Add($"{flag}: wanted HOST:PORT, got '{text}'");
        return NodeAddress.Local;
    }
}
