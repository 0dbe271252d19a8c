using System.Text.RegularExpressions;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Nn.Recurrent;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Learning;

/// <summary>Nothing asks by name which learner, update rule, schedule, layer, activation, loss or mode it has before it, but in that one's own folder: what is asked for is a capability.</summary>
public sealed class NamesStayHomeTests
{
    private const string Root = "Cluster.Ml";
    private const string Optimizers = "Cluster.Ml/Nn/Optimizers/";
    private static readonly string[] s_product = ["Cluster.Ml", "Cluster.Messages", "Cluster.Worker", "Cluster.Seed", "Cluster.Coordinator"];

    [Fact]
    public void No_name_is_compared_outside_its_own_folder()
    {
        List<string> found = [];
        foreach ((string file, string text) in Sources())
            foreach ((string name, string home) in Homes())
                if (!file.StartsWith(home, StringComparison.Ordinal))
                    found.AddRange(Comparisons(text, name).Select(comparison => $"{file}: {comparison}"));

        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("if (spec.Model.Kind == \"kmeans\") return;", true)]
    [InlineData("bool words = kind is \"kmeans\";", true)]
    [InlineData("string kind when kind is not \"mlp\" and not \"kmeans\"", true)]
    [InlineData("kind switch { \"mlp\" or \"kmeans\" => 1, _ => 2 }", true)]
    [InlineData("        \"kmeans\" => new Learner(),", true)]
    [InlineData("case \"kmeans\":", true)]
    [InlineData("spec is { Model.Kind: \"kmeans\" }", true)]
    [InlineData("kind.Equals(\"kmeans\", StringComparison.Ordinal)", true)]
    [InlineData("public override string Name => \"kmeans\";", false)]
    [InlineData("const string Example = \"write kind: kmeans\";", false)]
    [InlineData("names = [\"kmeans\"];", false)]
    public void A_comparison_is_found_and_a_mention_is_not(string line, bool isComparison) =>
        Comparisons(line, "kmeans").Any().ShouldBe(isComparison);

    [Theory]
    [InlineData("return optimizer.Kind == SgdOptions.Name;", true)]
    [InlineData("optimizer is SgdOptions", false)]
    public void A_comparison_with_the_constant_is_found(string line, bool isComparison) => ConstantComparison().IsMatch(line).ShouldBe(isComparison);

    [Fact]
    public void No_constant_that_is_a_name_is_compared_outside_its_own_folder() =>
        Sources().Where(source => !source.File.StartsWith(Optimizers, StringComparison.Ordinal))
            .SelectMany(source => ConstantComparison().Matches(source.Text).Select(match => $"{source.File}: {match.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void No_options_of_one_kind_are_asked_for_outside_its_folder()
    {
        List<string> found = [];
        Type[] options = [.. typeof(ModelOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ModelOptions)) && !type.IsNested)];
        foreach ((string file, string text) in Sources())
            foreach (Type type in options.Where(type => !file.StartsWith(HomeOf(type), StringComparison.Ordinal)))
                if (Regex.IsMatch(text, $@"\b{type.Name}\b")) found.Add($"{file}: {type.Name}");

        options.Length.ShouldBeGreaterThan(4);
        found.ShouldBeEmpty();
    }

    private static IEnumerable<string> Comparisons(string text, string name)
    {
        string literal = $"\"{Regex.Escape(name)}\"";
        return Regex.Matches(text, $@"((==|!=|\bis|\bnot|\bor|\band|\bcase|Kind:|Equals\()\s*{literal}|(?m:(^\s*|\{{\s*|,\s*){literal}\s*(=>|or\b))|{literal}\s*(==|!=)).*")
            .Select(match => match.Value.Trim());
    }

    private static Regex ConstantComparison() => new(@"(==|!=|\bis|\bnot|\bor|\bcase)\s*\w+(Options|Kind|Schedule)\.(Name|Kind)\b");

    /// <summary>Every name, and the folder of the type that registers it.</summary>
    private static IEnumerable<(string Name, string Home)> Homes()
    {
        foreach (LearnerKind kind in LearnerRegistry.All)
            yield return (kind.Name, HomeOf(kind.GetType()));
        foreach (NamedChoice choice in OptimizerRegistry.All.Concat(ScheduleRegistry.All))
            yield return (choice.Name, Optimizers);
        yield return ("newton", "Cluster.Ml/Linear/");
        foreach (string layer in LayerRegistry.Names)
            yield return (layer, layer is "sum" or "concat" ? "Cluster.Ml/Nn/Graph/" : CellRegistry.Names.Contains(layer) ? "Cluster.Ml/Nn/Recurrent/" : "Cluster.Ml/Nn/Layers/");
        foreach (string activation in ActivationRegistry.Names.Where(name => name != Identity.Declared.Name))
            yield return (activation, "Cluster.Ml/Nn/Activations/");
        foreach (string likelihood in LikelihoodRegistry.Names)
            yield return (likelihood, "Cluster.Ml/Nn/Losses/");
        foreach (string initializer in Initializer.Names)
            yield return (initializer, "Cluster.Ml/Nn/Initializers/");
        foreach (string aggregate in AggregateRegistry.Names)
            yield return (aggregate, "Cluster.Ml/Aggregation/");
        foreach (NamedChoice mode in ModeRegistry.All)
            yield return (mode.Name, "Cluster.Ml/Jobs/");
        yield return (CompressionSpec.TopK.Declared.Name, "Cluster.Ml/Jobs/");
        foreach (KeyValuePair<string, CompressionKind> rounding in CompressionSpec.Rounding.Kinds)
            yield return (rounding.Key, "Cluster.Ml/Jobs/");
    }

    private static string HomeOf(Type type) => $"{Root}/{type.Namespace![(Root.Length + 1)..].Replace('.', '/')}/";

    private static IEnumerable<(string File, string Text)> Sources()
    {
        string root = Path.GetDirectoryName(RepositoryFiles.Path("Cluster.sln"))!;
        foreach (string project in s_product)
            foreach (string path in Directory.EnumerateFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            {
                string file = Path.GetRelativePath(root, path).Replace('\\', '/');
                if (!file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)) yield return (file, File.ReadAllText(path));
            }
    }
}
