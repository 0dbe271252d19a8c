using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Tests.Nn.Layers;

/// <summary>What holds for every layer that a job may name, by its keys alone.</summary>
public sealed class LayerRegistryTests
{
    public static readonly TheoryData<string> Layers = new(LayerRegistry.Names);

    [Fact]
    public void Names_are_keys_that_are_said_once()
    {
        LayerRegistry.Names.ShouldBeUnique();
        foreach (NamedChoice layer in LayerRegistry.All)
        {
            layer.Name.ShouldMatch("^[a-z][a-z0-9-]*$");
            layer.Meaning.ShouldNotBeEmpty();
            layer.Keys[0].Name.ShouldBe(layer.Name);
            layer.Keys[0].Required.ShouldBeTrue(layer.Name);
            layer.Keys.Concat(JobKeys.OfLayers).Select(key => key.Name).ShouldBeUnique();
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void What_is_read_is_written_so_that_it_reads_back_with_names_and_all(string name)
    {
        LayerSpec read = Read($"{{ {Example(name)}, name: 'a b', frozen: true }}");

        read.Name.ShouldBe("a b");
        read.Frozen.ShouldBeTrue();
        Job($"{{ {Example(name)}, name: 'a b', frozen: true }}", out string text);
        JobFile.Parse(text, "job.yaml", "/").Text.ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_default_that_is_written_changes_nothing(string name)
    {
        foreach (JobKey key in LayerRegistry.Of(name).Keys.Skip(1).Where(key => key.Default is not null))
            Read($"{{ {Example(name)}, {key.Name}: {key.Default} }}").ShouldBe(Read($"{{ {Example(name)} }}"), key.Name);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_value_out_of_its_range_is_refused_with_its_key_and_its_range(string name)
    {
        foreach (JobKey key in LayerRegistry.Of(name).Keys)
            foreach (string bad in BadValues(key))
            {
                string[] others = [.. LayerRegistry.Of(name).Keys.Where(other => other.Required && other != key).Select(other => $"{other.Name}: {ValueOf(other)}")];
                string layer = $"{{ {string.Join(", ", [.. others, $"{key.Name}: {bad}"])} }}";
                string message = Should.Throw<BadInputException>(() => Read(layer), layer).Message;
                message.ShouldContain($"model.layers.0.{key.Name} to be");
                if (key.Kind is KeyKind.Whole or KeyKind.Number or KeyKind.Word) message.ShouldContain(key.Range);
            }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void An_unknown_key_is_refused_and_only_the_layer_s_own_are_offered(string name) =>
        Should.Throw<BadInputException>(() => Read($"{{ {Example(name)}, qqqqqqqqqqqqqqq: 1 }}")).Message
            .ShouldContain($"known here: {string.Join(", ", LayerRegistry.Of(name).Keys.Concat(JobKeys.OfLayers).Select(key => key.Name))}.");

    /// <summary>What must be written of a layer.</summary>
    private static string Example(string name) => string.Join(", ", LayerRegistry.Of(name).Keys.Where(key => key.Required).Select(key => $"{key.Name}: {ValueOf(key)}"));

    private static string ValueOf(JobKey key) => key.Kind switch
    {
        KeyKind.Whole => Text(key.Numbers!.Least + 1),
        KeyKind.Number => "0.5",
        KeyKind.Word => key.Words[0],
        KeyKind.Flag => "true",
        KeyKind.Sizes => $"[ {string.Join(", ", Enumerable.Repeat("2", key.Items!.Most))} ]",
        _ => "[ [ { dense: 3 } ], [] ]",
    };

    private static IEnumerable<string> BadValues(JobKey key) => key.Kind switch
    {
        KeyKind.Whole => [Text(key.Numbers!.Least - 1), Text(key.Numbers.Most + 1), "1.5", "many"],
        KeyKind.Number => ["-0.1", ".nan", "much"],
        KeyKind.Word => ["qqqqqqqqqqqqqqqqq"],
        KeyKind.Flag => ["perhaps"],
        KeyKind.Sizes => ["[ 0 ]", "[ ]", "many"],
        _ => ["7", "[ ]"],
    };

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static LayerSpec Read(string layer) => Job(layer, out _).Layers[0];

    private static NetworkOptions Job(string layer, out string text)
    {
        JobSpec job = JobFile.Parse($"data: {{ source: a.csv }}\nmodel: {{ kind: mlp, layers: [ {layer} ] }}\n", "job.yaml", "/");
        text = job.Text;
        return job.Model.As<NetworkOptions>();
    }
}
