using Cluster.Ml.Data;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

public sealed class PrivacySecretTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Two_that_are_drawn_differ() => PrivacySecret.Draw().ShouldNotBe(PrivacySecret.Draw());

    [Fact]
    public void What_is_derived_is_told_apart_by_use_and_index_and_is_never_the_secret()
    {
        PrivacySecret secret = SomeSecret.One;
        string[] derived =
        [
            Convert.ToHexString(secret.ToBytes()), Convert.ToHexString(secret.SamplingKeyOf(0).Bytes), Convert.ToHexString(secret.SamplingKeyOf(1).Bytes),
            Convert.ToHexString(secret.OfFold(0).ToBytes()), Convert.ToHexString(secret.OfFold(1).ToBytes()), secret.Identity.ToUpperInvariant(),
        ];

        derived.Distinct().Count().ShouldBe(derived.Length);
        secret.SamplingKeyOf(7).ShouldBe(PrivacySecret.FromBytes(secret.ToBytes()).SamplingKeyOf(7));
    }

    [Fact]
    public void Its_text_tells_nothing()
    {
        $"{SomeSecret.One}".ShouldBe("(secret)");
        $"{SomeSecret.One.SamplingKeyOf(3)}".ShouldBe("(key)");
    }

    [Fact]
    public void A_file_of_64_digits_is_read()
    {
        File.WriteAllText(_file, Convert.ToHexString(SomeSecret.One.ToBytes()) + "\n");
        PrivacySecret.ReadFile(_file).ShouldBe(SomeSecret.One);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abcd")]
    [InlineData("zz22222222222222222222222222222222222222222222222222222222222222")]
    public void Anything_else_is_refused_and_not_repeated(string text)
    {
        File.WriteAllText(_file, text);
        string message = Should.Throw<BadInputException>(() => PrivacySecret.ReadFile(_file)).Message;
        message.ShouldContain("wanted 64 hexadecimal digits");
        if (text.Length > 0) message.ShouldNotContain(text);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Should.Throw<BadInputException>(() => PrivacySecret.ReadFile(_file + ".none")).Message.ShouldStartWith(_file);
}
