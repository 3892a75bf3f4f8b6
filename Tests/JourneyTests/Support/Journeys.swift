import Testing

/// Journeys of people and programs through the real stack, from outside: the gateway, every service, their databases
/// and the sandbox's providers.
///
/// They run one after another, and nothing else asks the stack meanwhile, because they move the sandbox's clock, plant faults,
/// and stop and measure programs.
@Suite(
    .serialized,
    .enabled(if: Stack.isGiven, "no stack is given: `make test` starts one and names it in GUILDHALL_TEST_GATEWAY"))
enum Journeys {}

@Suite struct JourneyRequirement {
    @Test(.enabled(if: Stack.isRequired, "GUILDHALL_REQUIRE_JOURNEYS is not 1"))
    func `A run that must go through the stack has one`() {
        #expect(Stack.isGiven, "GUILDHALL_TEST_GATEWAY is not set")
    }
}
