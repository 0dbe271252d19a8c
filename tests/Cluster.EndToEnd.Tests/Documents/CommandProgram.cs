using System.Globalization;
using System.Text.Json;
using Cluster.Coordinator.Cli;

namespace Cluster.EndToEnd.Tests.Documents;

/// <summary>
/// What this assembly is as a program: the `cluster` command, time and again in one process and one folder. It reads the arguments of a command a line, as JSON,
/// and writes a <see cref="CommandAnswer"/> a line, until its input ends.
/// </summary>
internal static class CommandProgram
{
    private static async Task<int> Main()
    {
        TextWriter answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
        {
            using StringWriter said = new(CultureInfo.InvariantCulture);
            TextWriter both = TextWriter.Synchronized(said);
            int code = await CommandLine.RunAsync(JsonSerializer.Deserialize<string[]>(line)!, new Terminal(both, both, interactive: false));
            await answers.WriteLineAsync(JsonSerializer.Serialize(new CommandAnswer(code, said.ToString())));
            await answers.FlushAsync();
        }
        return 0;
    }
}
