using System.CommandLine;
using System.Text;

namespace Cluster.Coordinator.Cli;

/// <summary>`completion bash`: a script that lets a shell complete verbs and flags. It is made of the verbs themselves, and starts no program when a key is pressed.</summary>
internal static class CompletionCommand
{
    public const string Name = "completion";

    private const string Bash = """
        # Completion of `cluster` for bash: source this file, or put it into ~/.local/share/bash-completion/completions/cluster.
        # zsh takes it, too: autoload -U bashcompinit && bashcompinit, then source it.
        _cluster() {
          local word="${COMP_WORDS[COMP_CWORD]}" verb="" i
          COMPREPLY=()
          for ((i = 1; i < COMP_CWORD; i++)); do
            case "${COMP_WORDS[i]}" in -*) ;; *) verb="$verb${verb:+ }${COMP_WORDS[i]}";; esac
          done
          case "$verb" in
        CASES
          esac
          if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
          elif [[ -n "$verbs" ]]; then COMPREPLY=($(compgen -W "$verbs" -- "$word"))
          else COMPREPLY=($(compgen -f -- "$word")); fi
        }
        complete -o filenames -F _cluster cluster

        """;

    public static Command Create(Terminal terminal, Func<RootCommand> root)
    {
        Argument<string> shell = new("SHELL") { Description = "bash; zsh takes the same script by bashcompinit." };
        shell.AcceptOnlyFromAmong("bash");
        Command command = new(Name, "Prints a script that completes verbs and flags in a shell.") { shell };
        command.SetAction(_ =>
        {
            terminal.Data(ForBash(root()));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The script for bash.</summary>
    public static string ForBash(RootCommand root)
    {
        StringBuilder cases = new();
        string[] everywhere = [.. root.Options.Where(option => option.Recursive).Select(option => option.Name)];
        cases.Append(Case("", root.Subcommands.Select(verb => verb.Name), FlagsOf(root)));
        foreach (Command verb in root.Subcommands)
        {
            foreach (Command below in verb.Subcommands) cases.Append(Case($"{verb.Name} {below.Name}", [], [.. FlagsOf(below), .. everywhere]));
            cases.Append(Case(verb.Name, verb.Subcommands.Select(below => below.Name), [.. FlagsOf(verb), .. everywhere]));
        }
        cases.Append("    *) local verbs=\"\" flags=\"\";;");
        return Bash.ReplaceLineEndings("\n").Replace("CASES", cases.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Of a verb and what follows it, but not of a longer verb that begins alike, as `attack apgd-dlr` does.</summary>
    private static string Case(string verb, IEnumerable<string> verbs, IEnumerable<string> flags) =>
        $"    \"{verb}\"{(verb.Length > 0 ? $"|\"{verb} \"*" : "")}) local verbs=\"{string.Join(' ', verbs)}\" flags=\"{string.Join(' ', flags.Distinct())}\";;\n";

    private static IEnumerable<string> FlagsOf(Command command) => command.Options.Where(option => !option.Hidden).Select(option => option.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal));
}
