using System.CommandLine;
using System.Text.Json.Nodes;
using Cluster.Messages.Api;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`status`: the nodes of a running cluster.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        ConnectOptions connect = new(ClusterVerbs.AddressDefault);
        Option<bool> json = ClusterVerbs.JsonOption();
        Command command = new("status", "Shows the nodes of a running cluster.");
        connect.AddTo(command);
        command.Add(json);
        command.SetAction((parsed, _) => RunAsync(terminal, connect, parsed, parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ConnectOptions connect, ParseResult parsed, bool json)
    {
        using ClusterApi api = connect.Open(parsed);
        ClusterView cluster = await api.LookAsync();
        if (json)
        {
            terminal.Json(new JsonObject { ["seed"] = cluster.Seed, ["members"] = new JsonArray([.. cluster.Members.Select(MemberJson)]) });
            return ExitCode.Success;
        }
        ClusterVerbs.Table(terminal, ["address", "roles", "status", "reachable"], cluster.Members.Select(
            member => new[] { member.Address, string.Join(',', member.Roles), member.Status, member.Reachable ? "yes" : "no" }));
        return ExitCode.Success;
    }

    private static JsonNode MemberJson(MemberView member) => new JsonObject
    {
        ["address"] = member.Address,
        ["roles"] = new JsonArray([.. member.Roles.Select(role => JsonValue.Create(role))]),
        ["status"] = member.Status,
        ["reachable"] = member.Reachable,
    };
}
