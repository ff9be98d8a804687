using System.Net;
using System.Text;
using Broker.Actors.Security;
using Broker.Actors.Security.Mechanisms;
using Broker.Actors.Security.Scram;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Security.Scram;

/// <summary>Against the example of RFC 7677, section 3, and everything that a client can do differently.</summary>
public sealed class ScramExchangeSpecs
{
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string Proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ClientFinal = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" + Proof;
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    [Fact]
    public void Goes_as_the_RFC_shows()
    {
        var exchange = Start();

        Next(exchange, ClientFirst).Should().BeOfType<AuthenticationStep.Continue>().Which.Data!.Value.ToArray().Should().Equal(Bytes(ServerFirst));

        var success = Next(exchange, ClientFinal).Should().BeOfType<AuthenticationStep.Success>().Which;
        success.UserName.Should().Be("user");
        success.Data!.Value.ToArray().Should().Equal(Bytes(ServerFinal));
    }

    [Theory]
    [InlineData("n,,n=user,r=client", "user")]
    [InlineData("y,,n=user,r=client", "user")]
    [InlineData("n,a=user,n=user,r=client", "user")]
    [InlineData("n,,n=user,r=client,x=an optional extension", "user")]
    [InlineData("n,,n=a=2Cb=3Dc,r=client", "a,b=c")]
    [InlineData("n,,n=us\u00ADer,r=client", "user")]
    [InlineData("n,,n=\uFF55ser,r=client", "user")]
    public void Takes_every_form_of_the_first_message(string first, string userName)
    {
        var exchange = Start(new Users(userName, "pencil"));
        var serverFirst = Text(Next(exchange, first).Should().BeOfType<AuthenticationStep.Continue>().Which.Data);

        var final = Final(first, serverFirst, "pencil");

        Next(exchange, final).Should().BeOfType<AuthenticationStep.Success>().Which.UserName.Should().Be(userName);
    }

    [Theory]
    [InlineData("", "there is no message")]
    [InlineData("n", "not a client-first-message")]
    [InlineData("x,,n=user,r=client", "not a client-first-message")]
    [InlineData("n,,n=user", "not a client-first-message")]
    [InlineData("n,n=user,r=client", "not a client-first-message")]
    [InlineData("p=tls-unique,,n=user,r=client", "channel binding is not supported")]
    [InlineData("n,a=other,n=user,r=client", "nobody may act for somebody else")]
    [InlineData("n,other,n=user,r=client", "a= is not a name")]
    [InlineData("n,,m=must,n=user,r=client", "mandatory extension")]
    [InlineData("n,,n=,r=client", "n= is not a name")]
    [InlineData("n,,u=user,r=client", "n= is not a name")]
    [InlineData("n,,n=us=er,r=client", "n= is not a name")]
    [InlineData("n,,n=us=2cer,r=client", "n= is not a name")]
    [InlineData("n,,n=us\0er,r=client", "n= is not a name")]
    [InlineData("n,,n=us\u0007er,r=client", "the user name has the character U+0007")]
    [InlineData("n,,n=user,r=", "r= is not a nonce")]
    [InlineData("n,,n=user,x=client", "r= is not a nonce")]
    [InlineData("n,,n=user,r=cli ent", "r= is not a nonce")]
    [InlineData("n,,n=user,r=cli\u00E9nt", "r= is not a nonce")]
    public void Refuses_a_first_message_that_is_wrong(string first, string told) => ExpectFailure(Next(Start(), first), told);

    [Theory]
    [InlineData("", "there is no message")]
    [InlineData("c=biws", "not a client-final-message")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,c=biws,p=" + Proof, "not a client-final-message")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "not a client-final-message")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=", "p= is not a proof")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA", "p= is not a proof")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" + Proof + "AAAA", "p= is not a proof")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=not Base64!", "p= is not a proof")]
    [InlineData("c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" + Proof, "c= is not what client-first-message began with")]
    [InlineData("c=,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" + Proof, "c= is not what client-first-message began with")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=" + Proof, "r= is not the nonce")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k1,p=" + Proof, "r= is not the nonce")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "no such user, or the password is wrong")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,x=more,p=" + Proof, "no such user, or the password is wrong")]
    public void Refuses_a_final_message_that_is_wrong(string final, string told)
    {
        var exchange = Start();
        Next(exchange, ClientFirst);

        ExpectFailure(Next(exchange, final), told);
    }

    [Fact]
    public async Task Refuses_what_is_not_text()
    {
        ExpectFailure(await Start().NextAsync(new byte[] { 0x6E, 0x2C, 0xFF }), "not UTF-8");
        ExpectFailure(await Start().NextAsync(null), "there is no message");
    }

    [Fact]
    public void A_user_that_does_not_exist_looks_like_a_wrong_password()
    {
        var users = new Users("user", "pencil");
        const string First = "n,,n=stranger,r=client";
        var exchange = Start(users);
        var serverFirst = Text(Next(exchange, First).Should().BeOfType<AuthenticationStep.Continue>().Which.Data);
        var again = Text(((AuthenticationStep.Continue)Next(Start(users), First)).Data);

        again.Should().Be(serverFirst, "a salt that changes would tell that there is no user");
        serverFirst.Should().MatchRegex("^r=client.+,s=[A-Za-z0-9+/]{22}==,i=4096$", "it has the form that users have");
        var stranger = Next(exchange, Final(First, serverFirst, "pencil"));
        var known = Start(users);
        var knownFirst = Text(((AuthenticationStep.Continue)Next(known, "n,,n=user,r=client")).Data);
        stranger.Should().Be(Next(known, Final("n,,n=user,r=client", knownFirst, "wrong")));
    }

    [Fact]
    public void Makes_a_nonce_of_its_own_each_time()
    {
        var mechanism = new ScramMechanism(new Users("user", "pencil"));

        var first = Text(((AuthenticationStep.Continue)Next(mechanism.Start(Request), ClientFirst)).Data);
        var second = Text(((AuthenticationStep.Continue)Next(mechanism.Start(Request), ClientFirst)).Data);

        first.Should().NotBe(second).And.StartWith("r=rOprNGfwEbeRWgbNEkqO");
    }

    [Fact]
    public void Decoys_depend_on_the_users_and_the_name_alone()
    {
        var model = ScramVerifier.Of("pencil", new byte[16], 5_000);

        var one = new ScramDecoys(model).Of("a");

        one.Salt.Should().Equal(new ScramDecoys(model).Of("a").Salt, "other nodes have the same users").And.NotEqual(new ScramDecoys(model).Of("b").Salt);
        one.Salt.Should().NotEqual(new ScramDecoys(ScramVerifier.Of("other", new byte[16], 5_000)).Of("a").Salt).And.HaveCount(ScramVerifier.SaltSize);
        one.Iterations.Should().Be(5_000);
        new ScramDecoys(null).Of("a").Iterations.Should().Be(ScramVerifier.DefaultIterations);
    }

    private static AuthenticationRequest Request { get; } = new("c", null, null, null, new IPEndPoint(IPAddress.Loopback, 1));

    private static IAuthenticationExchange Start(Users? users = null) => new ScramMechanism(users ?? new Users("user", "pencil"), () => ServerNonce).Start(Request);

    private static AuthenticationStep Next(IAuthenticationExchange exchange, string message)
    {
        var answer = exchange.NextAsync(Bytes(message)).AsTask();
        answer.IsCompletedSuccessfully.Should().BeTrue("it is called on an event loop");
        return answer.Result;
    }

    private static string Final(string first, string serverFirst, string password) => EndToEnd.Harness.ScramClient.Final(first, serverFirst, password).Message;

    private static void ExpectFailure(AuthenticationStep step, string told)
    {
        var failure = step.Should().BeOfType<AuthenticationStep.Failure>().Which;
        failure.ReasonCode.Should().Be(ReasonCode.NotAuthorized);
        failure.Reason.Should().Contain(told);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte>? data) => Encoding.UTF8.GetString(data!.Value.Span);

    private sealed class Users(string name, string password) : IScramVerifiers
    {
        private readonly ScramVerifier _verifier = ScramVerifier.Of(password, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4_096);
        private ScramDecoys? _decoys;

        public ValueTask<ScramUser> FindAsync(string userName) => ValueTask.FromResult(userName == name
            ? new ScramUser(_verifier, Exists: true)
            : new ScramUser((_decoys ??= new ScramDecoys(_verifier)).Of(userName), Exists: false));
    }
}
