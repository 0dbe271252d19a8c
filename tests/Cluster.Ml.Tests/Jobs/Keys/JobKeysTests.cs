using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Jobs.Keys;

/// <summary>What holds for every key of the job file.</summary>
public sealed class JobKeysTests
{
    [Fact]
    public void Every_key_has_a_name_a_meaning_and_a_range_and_says_what_a_job_has_without_it()
    {
        JobKeys.All.Count.ShouldBeGreaterThan(100);
        foreach (KeyPlace place in JobKeys.All)
        {
            place.Key.Name.ShouldMatch("^[a-z][a-z0-9-]*$", place.Path);
            place.Key.Meaning.ShouldMatch(@"^[A-Z'α-ωa-z].*\.$", place.Path);
            place.Key.Range.ShouldNotBeEmpty(place.Path);
            (place.Key.Required && place.Key.Default is not null).ShouldBeFalse(place.Path);
            if (place.Key.Kind is KeyKind.Whole or KeyKind.Number) place.Key.Numbers.ShouldNotBeNull(place.Path);
            if (place.Key.Kind == KeyKind.Word) place.Key.Words.ShouldNotBeEmpty(place.Path);
        }
        JobKeys.All.Select(place => (place.Path, place.Of)).ShouldBeUnique();
    }

    [Fact]
    public void A_default_fits_its_range()
    {
        foreach (KeyPlace place in JobKeys.All.Where(place => place.Key.Default is not null))
            switch (place.Key.Kind)
            {
                case KeyKind.Number when place.Key.Words.Count > 0: place.Key.Words.ShouldContain(place.Key.Default!, place.Path); break;
                case KeyKind.Whole or KeyKind.Number: place.Key.Numbers!.Fits(double.Parse(place.Key.Default!, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeTrue(place.Path); break;
                case KeyKind.Word: place.Key.Words.ShouldContain(place.Key.Default!, place.Path); break;
                case KeyKind.Flag: place.Key.Default.ShouldBeOneOf("true", "false"); break;
            }
    }

    [Fact]
    public void A_key_is_found_by_its_path_or_the_end_of_it()
    {
        JobKeys.Find("training.batch").Single().Key.Name.ShouldBe("batch");
        JobKeys.Find("window").Select(place => place.Path).Distinct().ShouldBe(["model.window", "training.compression.window"], ignoreOrder: true);
        JobKeys.Find("adam.rate").Single().Default.ShouldStartWith("0.001");
        JobKeys.Find("layers.dense.activation").Single().Key.Words.ShouldContain("relu");
        JobKeys.Find("clusters").Single().Of.ShouldBe("kmeans");
        JobKeys.Find("no-such-key").ShouldBeEmpty();
    }

    [Fact]
    public void The_page_of_keys_is_that_of_the_program() =>
        File.ReadAllText(RepositoryFiles.Path("docs", "keys.md")).ShouldBe(KeyPage.Write(), "docs/keys.md is not the program's; write it anew by: cluster explain --page > docs/keys.md");
}
