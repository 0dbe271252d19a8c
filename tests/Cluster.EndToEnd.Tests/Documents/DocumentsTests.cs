namespace Cluster.EndToEnd.Tests.Documents;

/// <summary>What README and docs tell people to type works, and says what they show.</summary>
public sealed class DocumentsTests
{
    private const string Tutorial = "docs/tutorial.md";

    /// <summary>Epochs of a training whose output no page shows: that it runs is what is looked at.</summary>
    private static readonly string[] s_short = ["--set", "training.epochs=2"];

    /// <summary>Jobs whose models pages ask, as one who has read the README has trained them.</summary>
    private static readonly string[] s_assumed = ["digits-mlp", "iris-kmeans"];

    private static readonly string[] s_pages =
    [
        "README.md", .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<DocumentBlock> Blocks => s_pages.SelectMany(DocumentBlock.Of);

    [Fact]
    public void Every_block_says_what_it_is() =>
        Blocks.Where(block => block.Language.Length == 0).Select(block => $"{block.Place}: wanted sh, text, yaml or another word behind the fence").ShouldBeEmpty();

    [Fact]
    public void What_is_not_run_says_why() => Blocks.Where(block => block.Language == "sh")
        .Where(block => block.NotRun is { Length: < 10 } || (block.NotRun is null && block.Commands.Contains(null)))
        .Select(block => $"{block.Place}: wanted `cluster` commands alone, or a comment before the block: <!-- not run: the reason -->").ShouldBeEmpty();

    [Fact]
    public void The_rules_see_the_blocks() => Blocks.Count(block => block is { Language: "sh", NotRun: null }).ShouldBeGreaterThan(40);

    [Fact]
    public async Task Every_command_of_the_pages_runs()
    {
        using CommandFolder folder = new();
        foreach (string job in s_assumed) (await folder.RunAsync(["train", $"deploy/jobs/{job}.yaml", .. s_short])).ExitCode.ShouldBe(0, job);
        await RunAsync(folder, [.. Blocks.Where(block => block.Page != Tutorial)]);
    }

    [Fact]
    public async Task The_tutorial_shows_what_its_commands_say()
    {
        using CommandFolder folder = new();
        await RunAsync(folder, DocumentBlock.Of(Tutorial));
    }

    /// <summary>Runs the blocks in their order, and tells all that is wrong with them.</summary>
    private static async Task RunAsync(CommandFolder folder, IReadOnlyList<DocumentBlock> blocks)
    {
        List<string> wrong = [];
        foreach (DocumentBlock block in blocks.Where(block => block is { Language: "sh", NotRun: null }))
        {
            string said = "";
            foreach (IReadOnlyList<string>? command in block.Commands)
            {
                if (command is null) continue;       // What_is_not_run_says_why tells it
                bool brief = command is ["train", ..] && block.Output is null && !command.Any(argument => argument.Contains("training.epochs", StringComparison.Ordinal));
                CommandAnswer answer = await folder.RunAsync([.. command.Select(argument => argument.Replace("$PWD", folder.FullPath, StringComparison.Ordinal)), .. brief ? s_short : []]);
                if (answer.ExitCode != 0) wrong.Add($"{block.Place}: cluster {string.Join(' ', command)}: exit code {answer.ExitCode}\n{answer.Said}");
                said += answer.Said;
            }
            if (block.Output is { } shown && Missing(shown.Text, said) is { } line) wrong.Add($"{shown.Place}: wanted the line '{line}' in this order, got\n{said}");
        }
        wrong.ShouldBeEmpty();
    }

    /// <summary>The first line that a page shows and a command did not say, in their order; '…' stands for any lines.</summary>
    private static string? Missing(string shown, string said)
    {
        string[] lines = [.. said.Split('\n').Select(line => line.Trim())];
        int next = 0;
        foreach (string line in shown.Split('\n').Select(line => line.Trim()).Where(line => line is not ("" or "…")))
        {
            int found = Array.IndexOf(lines, line, next);
            if (found < 0) return line;
            next = found + 1;
        }
        return null;
    }
}
