using System.CommandLine;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Coordinator.Cli;

/// <summary>`schema`: the JSON Schema of the job file, for editors and for programs that write jobs.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("schema", "Prints the JSON Schema of the job file, for editors and for programs that write jobs.");
        command.SetAction(_ =>
        {
            terminal.Data(KeySchema.Write());
            return ExitCode.Success;
        });
        return command;
    }
}
