<?php
// One deal with the library that openapi-generator makes for PHP: from the gig to the review.
declare(strict_types=1);

require '/usr/share/php/GuzzleHttp/autoload.php';

use OpenAPI\Client as Library;
use OpenAPI\Client\Model;

spl_autoload_register(function (string $class): void {
    $file = getenv('LIBRARY') . '/' . str_replace('\\', '/', substr($class, strlen('OpenAPI\\Client\\'))) . '.php';
    if (str_starts_with($class, 'OpenAPI\\Client\\') && is_file($file)) {
        require $file;
    }
});

function api(string $class, string $key): object
{
    $configuration = (new Library\Configuration())->setHost(getenv('GUILDHALL_URL'))->setAccessToken($key);
    return new $class(new GuzzleHttp\Client(), $configuration);
}

function expect(bool $condition, string $what): void
{
    if (!$condition) {
        throw new RuntimeException("it is not true that $what");
    }
}

function until(string $what, callable $look): mixed
{
    for ($try = 0; $try < 600; $try++) {
        if ($seen = $look()) {
            return $seen;
        }
        usleep(300_000);
    }
    throw new RuntimeException("$what did not happen");
}

[$client, $worker] = [getenv('CLIENT_KEY'), getenv('WORKER_KEY')];
$workerId = api(Library\Api\KeysApi::class, $worker)->keysVerify()->getUserId();

$gig = api(Library\Api\GigsApi::class, $client)->gigsCreate(new Model\GigInput(
    ['title' => 'Write a parser', 'rate_cents' => 5_000, 'status' => Model\GigStatus::GIG_STATUS_ACTIVE]));
$application = api(Library\Api\GigsApi::class, $worker)->gigsApply(
    $gig->getId(), application_input: new Model\ApplicationInput(['message' => 'I have written three.']));
api(Library\Api\ApplicationsApi::class, $client)->applicationsUpdate(
    $gig->getId(), $application->getId(), new Model\ApplicationUpdate(['status' => 'shortlisted']));
$mine = api(Library\Api\ApplicationsApi::class, $worker)->applicationsMine(gig_id: $gig->getId())->getApplications();
expect($mine[0]->getStatus() === 'shortlisted', 'the worker sees that it was chosen');

$negotiation = api(Library\Api\NegotiationsApi::class, $client)->negotiationsNegotiate(new Model\NegotiateInput([
    'gig_id' => $gig->getId(), 'worker_user_id' => $workerId, 'rate_cents' => 5_000, 'hours_per_week' => 10,
    'payout_delay_days' => 3,
]));
api(Library\Api\NegotiationsApi::class, $worker)->negotiationsRound(
    $negotiation->getId(), terms_input: new Model\TermsInput(['rate_cents' => 5_500]));
$id = api(Library\Api\NegotiationsApi::class, $client)->negotiationsAgree(
    $negotiation->getId(), agree_input: new Model\AgreeInput(['round_number' => 2]))->getContractId();

$contracts = api(Library\Api\ContractsApi::class, $client);
$work = api(Library\Api\ContractsApi::class, $worker);
$contracts->contractsApprove($id);
$work->contractsApprove($id);
(new GuzzleHttp\Client())->get($work->contractsConnectLink($id)->getUrl());
$ready = until('onboarding', function () use ($contracts, $id) {
    $seen = $contracts->contractsGet($id);
    return $seen->getStatus() === 'pending_client_funding' ? $seen : null;
});
$milestone = $ready->getMilestones()[0];
expect($milestone->getAmountCents() === 55_000, 'the milestone is rate times hours');

$intent = $contracts->contractsFund($id, $milestone->getId())->getPaymentIntentId();
(new GuzzleHttp\Client())->post(getenv('SANDBOX_URL') . "/stripe/v1/payment_intents/$intent/confirm", [
    'form_params' => ['payment_method' => 'pm_card_visa'],
    'headers' => ['Authorization' => 'Bearer ' . getenv('STRIPE_SECRET_KEY')],
]);
until('funding', fn () => $contracts->contractsGet($id)->getStatus() === 'active');

$work->contractsDeliver(
    $id, $milestone->getId(), delivery_input: new Model\DeliveryInput(['note' => 'Done, with tests.']));
$released = $contracts->contractsRelease($id, $milestone->getId());
expect($released->getPlatformFeeCents() === 2_750 && $released->getTransferCents() === 52_250, 'the fee is 5 %');
expect($contracts->contractsGet($id)->getStatus() === 'completed', 'the contract is completed');
api(Library\Api\ReviewsApi::class, $client)->reviewsCreate(
    $id, new Model\ReviewInput(['rating' => 5, 'review_text' => 'On time.']));

try {
    $work->contractsDeliver($id, $milestone->getId(), delivery_input: new Model\DeliveryInput(['note' => 'Again.']));
    throw new RuntimeException('a released milestone was delivered again');
} catch (Library\ApiException $refusal) {
    expect($refusal->getCode() === 409, 'what is released is not delivered again');
}
echo "php: the deal is done\n";
