using Broker.Actors.Security.Users;

namespace Broker.Specs.Actors.Security.Users;

public sealed class Argon2HashSpecs
{
    // Of the reference implementation's own tests: "password", "somesalt".
    private const string Reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    [Fact]
    public void Agrees_with_the_reference_implementation()
    {
        Argon2Hash.TryParse(Reference, out var hash).Should().BeTrue();

        hash!.Verify("password").Should().BeTrue();
        hash.Verify("differentpassword").Should().BeFalse();
        hash.ToString().Should().Be(Reference);
    }

    [Fact]
    public void A_new_one_has_a_salt_of_its_own_and_says_how_it_was_made()
    {
        var hash = Argon2Hash.Of("secret");

        hash.ToString().Should().StartWith("$argon2id$v=19$m=19456,t=2,p=1$").And.NotContain("secret");
        Argon2Hash.TryParse(hash.ToString(), out var read).Should().BeTrue();
        read!.Verify("secret").Should().BeTrue();
        hash.Salt.Should().NotEqual(Argon2Hash.Decoy().Salt).And.HaveCount(16);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$AAAA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=1048577,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=256,t=101,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=17$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR_uIPnA4rEsF5h7TKyQwu9U1bMCHGi_4")]
    public void Takes_no_other_form_and_nothing_that_would_take_the_node_s_memory(string text) =>
        Argon2Hash.TryParse(text, out _).Should().BeFalse();
}
